"""The commands that every board has, one or two a module."""
