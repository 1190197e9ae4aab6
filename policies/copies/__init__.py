"""Copies of data: backups, replication, replicas, and what makes them useless in another region."""
