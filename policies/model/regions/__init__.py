"""Regions: what resources name in other ones."""
