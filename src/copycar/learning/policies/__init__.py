"""The networks, one file each, with origin, shapes and parameter count in the docstring."""
