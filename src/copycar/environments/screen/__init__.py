"""Any game in a window or a part of the screen as a place to drive. Knows no particular game."""
