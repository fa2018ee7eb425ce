"""From a trained network to the file that the car loads."""
