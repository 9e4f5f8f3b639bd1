"""One file per scan format; the folder is its own registry."""
