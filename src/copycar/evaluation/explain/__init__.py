"""What a policy looks at: saliency of every frame as a film, and what its layers see."""
