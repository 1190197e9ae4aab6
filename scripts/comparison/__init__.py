"""What other tools say of the same defects: how they are run, and the tables that result."""
