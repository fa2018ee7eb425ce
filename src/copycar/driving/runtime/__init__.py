"""Load and run a policy file on the car: onnxruntime and numpy, never torch."""
