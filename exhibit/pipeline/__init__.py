"""Everything that touches disk, clock or processes on the way from scan to asset."""
