"""The door to NATS with JetStream, by the extra ``nats``: the one folder that knows this broker."""
