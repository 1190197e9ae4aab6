"""What is wrong with the program itself, whatever AWS would say."""
