"""One customer's conversation: what was said, who speaks now, and that everything arrives once."""
