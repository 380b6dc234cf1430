"""Tests of the process that stays."""
