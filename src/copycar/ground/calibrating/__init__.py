"""From pictures of boards and of known floor points to calibrations, and how good they are. Start at `calibrate.py`."""
