"""Telegraf's execd: one process that stays, answers every newline, and leaves when it is told."""
