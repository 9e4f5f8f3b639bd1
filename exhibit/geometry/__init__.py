"""One algorithm per file: arrays in, arrays out."""
