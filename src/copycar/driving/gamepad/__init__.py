"""A person's gamepad: found, read, calibrated. Knows nothing of the drive loop."""
