"""What the pack costs beside an empty one: `make bench` measures, and writes docs/benchmark.md."""
