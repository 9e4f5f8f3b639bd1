"""Exporters: an exhibition becomes files that others open."""
