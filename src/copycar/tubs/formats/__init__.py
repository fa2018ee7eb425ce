"""Foreign recordings: one file per format, each reads into frames and, where it serves, writes from a tub.

Knows nothing of learning. `convert.convert` is the door; `registry.FORMATS` names what can be converted.
"""
