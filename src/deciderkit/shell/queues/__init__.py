"""Queues between machines: events go out, commands come in, and the log stays the truth."""
