"""The embedded store: a log in one SQLite file."""
