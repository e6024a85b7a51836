"""``mars-rover check``: somebody's kata held against the rules, in a process that it cannot leave."""
