"""Databases beside Aurora global databases: instances, clusters, replicas and parameter groups."""
