"""What packing a relic as GLB is made of: vertex streams, pictures, materials, metadata, and the file itself."""
