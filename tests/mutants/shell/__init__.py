"""Seeded bugs of the shell and of the rooms it stands on: each with the test that must die of it."""
