"""A package made of a wall."""
