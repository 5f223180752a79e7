"""Asks the bot for its turn in a conversation, whoever plays the bot."""
