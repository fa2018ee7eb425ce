"""Where jobs run: one file a target."""
