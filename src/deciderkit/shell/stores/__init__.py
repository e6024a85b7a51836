"""Event stores: the port, and what stands behind it in memory and in files."""
