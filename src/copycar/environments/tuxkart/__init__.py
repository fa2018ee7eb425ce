"""SuperTuxKart, a free kart game, as a place to drive: `tuxkart:lighthouse`. It runs in a process of its own."""
