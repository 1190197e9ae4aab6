"""Functions: what they are given, and what AWS refuses of that."""
