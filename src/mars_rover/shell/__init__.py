"""Where the rover touches the world: the command line and the notifier."""
