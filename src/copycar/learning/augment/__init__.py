"""Variations of training frames that the label follows, on whole batches and on the training device.

`settings` says how far they go and needs no torch; `warps` moves the car, `vary` changes the light and the camera,
`mirror` tells what a mirror does to names and numbers. Knows nothing of networks or files.
"""
