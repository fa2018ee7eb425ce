"""Folders of calibrated pictures as others lay them out, one file per layout."""
