"""Recordings on disk, donkeycar tub v2: read, append, recover, split, load. Knows nothing of learning."""
