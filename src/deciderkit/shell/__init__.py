"""Where the kit touches the world: the dispatch loop and the event stores."""
