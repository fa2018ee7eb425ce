"""Nintendo 64 games as places to drive: `n64:rom.z64`. The emulator draws on a screen that nobody sees."""
