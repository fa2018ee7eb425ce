"""Who drives: one file per kind of driver."""
