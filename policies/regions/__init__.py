"""What is looked up in one region only."""
