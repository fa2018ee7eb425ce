"""Pages about recordings for people to look at: one self-contained HTML file each. Knows nothing of what they say."""
