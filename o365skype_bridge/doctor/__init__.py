"""Look at everything that an answer depends on, in order, and say what to do about each thing."""
