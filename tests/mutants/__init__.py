"""The proof that the laws bite: things that are wrong in one place, and the law that must find each.

`python -m tests.mutants` prints the table; `tests/test_mutants.py` holds every row of it.
"""
