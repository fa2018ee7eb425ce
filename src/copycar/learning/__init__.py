"""From tubs to a policy. The only room, with those above it, that may import torch."""
