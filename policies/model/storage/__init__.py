"""Buckets of S3, and what other resources say of them."""
