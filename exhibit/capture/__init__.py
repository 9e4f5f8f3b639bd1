"""Modelled objects and the cameras that take them: scans with the faults of real ones, and the truth beside them."""
