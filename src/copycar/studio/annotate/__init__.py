"""The pages beside a ground project's pictures: label frames, click known floor points. The rooms below do the work."""
