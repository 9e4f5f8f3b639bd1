"""Parts of the stage `clean`."""
