"""Queues, topics and events, and what AWS refuses to connect."""
