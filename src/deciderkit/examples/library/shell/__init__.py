"""Where the library touches the world: mail, and the web."""
