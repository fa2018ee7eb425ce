"""The proof that a policy drives: trials, metrics, score card, report. Knows nothing of how a policy was trained."""
