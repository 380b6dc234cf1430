"""Readers of what the outputs print, written from the agents' rules and not from our code."""
