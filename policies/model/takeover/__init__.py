"""What is left when a region is lost: who stands in for whom, and what each needs."""
