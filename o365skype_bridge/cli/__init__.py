"""What is typed: the entry, the options, and one file a command."""
