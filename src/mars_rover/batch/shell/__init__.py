"""What the engine asks of the machine: how many cores there are, and threads on them."""
