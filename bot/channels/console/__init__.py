"""The terminal: ``fangxin chat`` and ``fangxin ask``, and programs that talk to the bot turn by turn."""
