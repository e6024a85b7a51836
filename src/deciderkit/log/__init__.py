"""What stands in a log: recorded events, their codec, lines of JSON, checksums, the audit of it all, and the port to a store."""
