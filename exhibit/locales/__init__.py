"""One TOML per language: every word the site says."""
