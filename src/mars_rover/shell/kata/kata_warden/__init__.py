"""What runs beside a stranger's code. It stands on the standard library alone, and its modules name
each other by relative names, so that it is imported by itself: a check starts a process for each try,
and with the packages around it that would take twice as long.
"""
