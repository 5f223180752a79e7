"""Where customers are: one folder a platform, and what they all share."""
