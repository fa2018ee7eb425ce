"""Image operations, one file per family: what a pipeline is made of."""
