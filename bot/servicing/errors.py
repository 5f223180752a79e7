"""What can go wrong in servicing.

ServicingError
├── IdentityError
│   ├── IdentityRefused      unknown number or wrong digits: never said which
│   ├── WrongCode
│   ├── CodeExpired
│   ├── CodeNotSent
│   ├── VerificationLocked
│   └── NotVerified
├── UnknownApplication
├── IllegalTransition
└── KeyReused
"""

from __future__ import annotations

from datetime import datetime


class ServicingError(Exception):
    """Something in servicing could not be done; nothing was changed."""


class IdentityError(ServicingError):
    """The customer has not proved who they are."""


class IdentityRefused(IdentityError):
    """The application number and the ID digits do not belong together (or the number does not exist)."""

    def __init__(self) -> None:
        super().__init__("application number and ID digits do not match")


class WrongCode(IdentityError):
    """The one-time code is not the one that was sent, was used before, or belongs to another conversation."""

    def __init__(self, left: int) -> None:
        super().__init__(f"wrong code, {left} attempts left")
        self.left = left  #: attempts left before the lock


class CodeExpired(IdentityError):
    """The one-time code has grown too old; a new one must be asked for."""


class CodeNotSent(IdentityError):
    """The code could not be sent; the attempt is not held against the customer."""


class VerificationLocked(IdentityError):
    """Too many failures, or too many codes: no attempt is looked at before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until.isoformat()}")
        self.until = until


class NotVerified(IdentityError):
    """This conversation has not proved that it may see the application."""


class UnknownApplication(ServicingError):
    """No application has this number."""

    def __init__(self, application_no: str) -> None:
        super().__init__(f"no application {application_no}")
        self.application_no = application_no


class IllegalTransition(ServicingError):
    """The application's stage or state does not allow this step."""

    def __init__(self, application_no: str, reason: str) -> None:
        super().__init__(f"{application_no}: {reason}")
        self.application_no = application_no


class KeyReused(ServicingError):
    """The idempotency key of a write came again with another content."""
