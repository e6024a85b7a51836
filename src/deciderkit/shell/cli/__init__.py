"""A command line for any board: what can be done with a log, from carrying out commands to salvaging it."""
