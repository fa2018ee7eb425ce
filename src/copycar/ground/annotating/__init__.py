"""Labels made by hand: what is where in which frame, changed one thing at a time and kept at once."""
