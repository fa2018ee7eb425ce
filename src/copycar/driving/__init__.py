"""The drive loop, who drives, safety, recording, and `runtime/`: a policy without torch. Knows nothing of learning."""
