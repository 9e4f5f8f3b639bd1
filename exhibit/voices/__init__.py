"""One file per source of narration; the folder is its own registry."""
