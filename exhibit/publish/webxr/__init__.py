"""The static WebXR site."""
