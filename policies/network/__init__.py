"""The network of a region, and what ties it to that of another one."""
