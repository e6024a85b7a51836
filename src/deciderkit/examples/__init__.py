"""Worked examples: whole boards, from the wall to a running program."""
