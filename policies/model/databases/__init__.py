"""Instances and clusters of RDS, DocumentDB and Neptune."""
