"""Who asks when, and what is said when nobody could."""
