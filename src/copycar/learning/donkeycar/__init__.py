"""From donkeycar's configuration to a settings file of ours."""
