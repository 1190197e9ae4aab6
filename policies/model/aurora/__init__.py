"""Aurora global databases, and what AWS says of the versions of Aurora's engines."""
