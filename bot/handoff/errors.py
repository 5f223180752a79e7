"""What may go wrong in the queue and at its desk.

HandoffError
├── TicketNotFound
├── TicketAlreadyTaken
├── NotTheHolder
├── AlreadyHelped
├── PromiseNotFound
├── TicketClosed
├── NeverStaffed
├── NotAllowed
├── AgentNotFound
├── ReplyNotFound
├── ShortcutTaken
├── LastAdmin
├── ComplaintNotFound
├── IllegalStep
├── SecondFactorOn
├── NothingToConfirm
├── CodeRefused
├── CodeNeeded
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


class AlreadyHelped(HandoffError):
    """Another supervisor came first."""


class PromiseNotFound(HandoffError):
    """There is no such promise, or it was kept already."""


class TicketClosed(HandoffError):
    """The ticket is finished; nothing can be done with it any more."""


class NeverStaffed(HandoffError):
    """The desk's hours hold no open time for long, so no moment can be promised."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"nobody is at the desk after {at.isoformat()}")


class NotAllowed(HandoffError):
    """The agent's role does not allow this."""


class AgentNotFound(HandoffError):
    """There is no such account."""


class ReplyNotFound(HandoffError):
    """There is no such canned reply, or it is somebody else's."""


class ShortcutTaken(HandoffError):
    """Another canned reply has this shortcut."""


class LastAdmin(HandoffError):
    """Without this account nobody could look after the accounts."""


class ComplaintNotFound(HandoffError):
    """There is no complaint of this number."""


class IllegalStep(HandoffError):
    """The complaint's state does not allow this; nothing was changed."""


class SecondFactorOn(HandoffError):
    """The login asks for codes already; it has to be turned off before another phone gives them."""


class NothingToConfirm(HandoffError):
    """No new second factor waits for its first code."""


class CodeRefused(HandoffError):
    """A code of the second factor that is wrong, too old or used before."""


class CodeNeeded(HandoffError):
    """The password is right, and this account wants a code besides."""


class LoginRefused(HandoffError):
    """Unknown name, wrong password or wrong code; which of them is not said."""


class LoginLocked(LoginRefused):
    """Too many wrong passwords or codes for this name."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until.isoformat()}")
        self.until = until
