"""The built-in driving world: a small car on a closed road, on Panda3D and Bullet."""
