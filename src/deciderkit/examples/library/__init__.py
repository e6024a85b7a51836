"""A lending library: members borrow copies of books, renew and return them, and pay when they are late.

The files stand in the order in which the wall reads: commands, events, the two aggregates, policies,
projections, board. ``shell/`` has what touches the world: mail, a store, a web app.
"""
