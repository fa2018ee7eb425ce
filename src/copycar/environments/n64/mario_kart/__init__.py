"""What copycar knows of Mario Kart 64: its menus, the writing on its screen, its map. The cartridge is yours."""
