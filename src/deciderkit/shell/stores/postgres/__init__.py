"""A log on a PostgreSQL server, for any number of machines: its address, its tables, its rows, the store."""
