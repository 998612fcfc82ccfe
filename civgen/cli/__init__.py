"""The command line: nothing but translation between a terminal and the rest of the house."""
