"""Cameras beside the track: calibrated cameras that find every car, or person, on the ground. Start at `scene.py`."""
