"""The page that compares policies: on the same frames, and as ghosts on the same track. Judges nothing itself."""
