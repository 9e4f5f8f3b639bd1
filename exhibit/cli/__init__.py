"""The command line: click commands, thin, and what they print."""
