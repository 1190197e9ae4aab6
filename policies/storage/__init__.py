"""Buckets, log groups and trails: where data and records are kept."""
