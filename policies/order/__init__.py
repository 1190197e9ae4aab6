"""What must be in place before a resource is created, and which resources do not wait for it."""
