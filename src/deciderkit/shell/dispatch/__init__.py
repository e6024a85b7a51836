"""The dispatch loop: a request, its batches, deliveries, to-dos and parking."""
