"""AutCar's Python API on copycar's engine, for programs and lessons written for it. A front, as `cli`: it prints."""
