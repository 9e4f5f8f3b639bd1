"""What baking maps is made of: finding the place on the finest surface, painting bands of texels, shade, comparison."""
