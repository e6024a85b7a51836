"""What stands in a log: recorded events, their codec, lines of JSON, checksums, and the audit of it all."""
