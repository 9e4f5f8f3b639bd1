"""The steps of the way: values in, new values out; no files, no printing."""
