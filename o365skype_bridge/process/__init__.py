"""What we are to the host: a process with files, pipes, an account, signals and a deadline."""
