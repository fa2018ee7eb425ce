"""What people do to recordings, one job per file. Whatever changes a picture or moves a frame makes a new tub."""
