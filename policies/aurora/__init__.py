"""Aurora: clusters, global databases and the versions of their engines."""
