"""The chat page and its widget: Socket.IO carries, the log with its sequence numbers is the truth."""
