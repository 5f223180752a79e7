"""The way in for the systems of the bank: its keys, its calls and its files."""
