"""Immersive digital museums out of real scans: clean, mesh, texture, pack, publish."""

__version__ = "0.1.0"
