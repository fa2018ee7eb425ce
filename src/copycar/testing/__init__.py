"""What tests of copycar, and of packages built on it, can lean on: fakes that keep the real contracts."""
