"""From bytes to figures: unpacking, lines, tables, tallies, and the folder of files."""
