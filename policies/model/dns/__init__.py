"""Hosted zones and records of Route 53."""
