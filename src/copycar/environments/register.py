"""Importing this module tells gymnasium about `copycar/Track-v0`; the simulator itself loads when one is made.

`gymnasium.make("copycar.environments.register:copycar/Track-v0", track="hairpins")` imports it on the way.
"""

import gymnasium

from copycar.environments.make import TRACK_ID

if TRACK_ID not in gymnasium.registry:
    gymnasium.register(
        TRACK_ID,
        entry_point="copycar.environments.track.environment:TrackEnvironment",
        kwargs={"ends_off_track": True},
        max_episode_steps=6000,  # five minutes
    )
