"""The only place that starts child processes or loads heavy foreign engines."""
