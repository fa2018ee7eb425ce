"""The page that looks after recordings: look, choose, delete, restore, filter, check. Edits through `Tub` alone."""
