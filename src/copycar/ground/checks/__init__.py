"""What can be wrong with a scene, one kind per file; each gives verdicts."""
