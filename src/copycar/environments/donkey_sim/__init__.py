"""The donkey simulator's protocol: a client that drives it, and a server of it on the built-in track."""
