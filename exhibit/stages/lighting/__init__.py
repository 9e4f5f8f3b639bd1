"""What lighting a room is made of: its texels, its rays, its file."""
