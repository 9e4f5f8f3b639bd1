"""Parts of the stages `compare` and `chart`."""
