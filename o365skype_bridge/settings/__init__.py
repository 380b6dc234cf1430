"""Settings as values, where they come from, and what marks them."""
