"""The human queue: tickets, the agents who take them, and who held what when."""
