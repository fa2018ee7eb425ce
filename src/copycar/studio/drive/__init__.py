"""The page that drives: live pictures, one hand at the wheel, everybody else watches. Decides nothing about the car."""
