"""What may go wrong in the queue and at its desk.

HandoffError
├── TicketNotFound
├── TicketAlreadyTaken
├── NotTheHolder
├── TicketClosed
└── LoginRefused
    └── LoginLocked
"""

from __future__ import annotations

from datetime import datetime


class HandoffError(Exception):
    """Parent of this room's errors."""


class TicketNotFound(HandoffError):
    """There is no such ticket."""


class TicketAlreadyTaken(HandoffError):
    """Another agent accepted this ticket first."""


class NotTheHolder(HandoffError):
    """Only the agent who holds the ticket (or a supervisor, where stated) may do this."""


class TicketClosed(HandoffError):
    """The ticket is finished; nothing can be done with it any more."""


class LoginRefused(HandoffError):
    """Unknown name or wrong password; which of the two is not said."""


class LoginLocked(LoginRefused):
    """Too many wrong passwords for this name."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until.isoformat()}")
        self.until = until
