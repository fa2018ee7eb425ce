"""The page that looks after recordings: look, choose, delete, restore, filter, check. Edits go into its history."""
