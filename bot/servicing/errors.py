"""What can go wrong in servicing.

ServicingError
├── IdentityError
│   ├── IdentityRefused      unknown number or wrong digits: never said which
│   ├── WrongCode
│   ├── CodeExpired
│   ├── CodeNotSent
│   ├── VerificationLocked
│   ├── SignedIdentityRefused
│   └── NotVerified
├── UnknownApplication
├── UnknownLoan              no such loan, or not this customer's: never said which
├── IllegalTransition
├── KeyReused
└── FileError
    ├── FileNotFound         no such file, or not one of this conversation
    ├── FileContentLost      the row is there, its content is not
    └── FileRefused          not taken, each with its reason
        ├── FileEmpty, FileTooLarge, FileTypeUnknown, FileBroken
        ├── PictureTooLarge, TooManyPages, FileEncrypted
        └── FileIdReused, TooManyFiles
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum


class ServicingError(Exception):
    """Something in servicing could not be done; nothing was changed."""


class IdentityError(ServicingError):
    """The customer has not proved who they are."""


class IdentityRefused(IdentityError):
    """Number (or phone) and ID digits do not belong together, or nobody has that number: never said which."""

    def __init__(self) -> None:
        super().__init__("what was given does not match")


class WrongCode(IdentityError):
    """The one-time code is not the one that was sent, was used before, or belongs to another conversation."""

    def __init__(self, left: int) -> None:
        super().__init__(f"wrong code, {left} attempts left")
        self.left = left  #: attempts left before the lock


class CodeExpired(IdentityError):
    """The one-time code has grown too old; a new one must be asked for."""


class NotSentReason(StrEnum):
    """Why a code did not go out."""

    NOT_CONNECTED = "not_connected"  #: no gateway is set up
    TOO_MANY = "too_many"  #: the gateway's own limit for this phone
    BAD_NUMBER = "bad_number"  #: the gateway does not know such a number
    NO_BALANCE = "no_balance"  #: the bank's account with the gateway is empty or stopped
    REFUSED = "refused"  #: wrong keys, signature, template
    UNREACHABLE = "unreachable"  #: no connection, so nothing went out
    NO_ANSWER = "no_answer"  #: the gateway took the request and did not answer: the message may have gone out


class CodeNotSent(IdentityError):
    """The code could not be sent; the attempt is not held against the customer."""

    def __init__(self, reason: NotSentReason = NotSentReason.NOT_CONNECTED, detail: str = "") -> None:
        super().__init__(f"{reason.value} {detail}".strip())
        self.reason = reason


class VerificationLocked(IdentityError):
    """Too many failures, or too many codes: no attempt is looked at before ``until``."""

    def __init__(self, until: datetime) -> None:
        super().__init__(f"locked until {until.isoformat()}")
        self.until = until


class SignedIdentityRefused(IdentityError):
    """A signed identity was forged, too old, used before, meant for another, or names no customer.

    The reason is for the log and the audit, and nobody else is told it.
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class NotVerified(IdentityError):
    """This conversation has not proved that it may see the application."""


class UnknownApplication(ServicingError):
    """No application has this number."""

    def __init__(self, application_no: str) -> None:
        super().__init__(f"no application {application_no}")
        self.application_no = application_no


class UnknownLoan(ServicingError):
    """The customer has no loan of this application; it may be somebody else's."""

    def __init__(self) -> None:
        super().__init__("the customer has no such loan")


class IllegalTransition(ServicingError):
    """The application's stage or state does not allow this step."""

    def __init__(self, application_no: str, reason: str) -> None:
        super().__init__(f"{application_no}: {reason}")
        self.application_no = application_no


class KeyReused(ServicingError):
    """The idempotency key of a write came again with another content."""


class FileError(ServicingError):
    """Something about a file that was sent."""


class FileNotFound(FileError):
    """There is no such file, or it belongs to somebody else: never said which."""


class FileContentLost(FileError):
    """A file is on record, but its content is gone from the disk or is not what was stored."""


class FileRefused(FileError):
    """A file that is not taken; ``code`` is for programs, the phrase ``refused.<code>`` for people."""

    code = "file_refused"

    def __init__(self, limit: int = 0) -> None:
        super().__init__(self.code)
        self.limit = limit  #: what was exceeded, where something was


class FileEmpty(FileRefused):
    """No bytes."""

    code = "file_empty"


class FileTooLarge(FileRefused):
    """More bytes than allowed; ``limit`` in megabytes."""

    code = "file_too_large"


class FileTypeUnknown(FileRefused):
    """Its bytes are those of no kind that is taken, whatever its name says."""

    code = "file_type_unknown"


class FileBroken(FileRefused):
    """It begins like a kind that is taken, but cannot be opened."""

    code = "file_broken"


class PictureTooLarge(FileRefused):
    """More pixels than are decoded; ``limit`` in millions."""

    code = "picture_too_large"


class TooManyPages(FileRefused):
    """More pages than allowed, which is ``limit``."""

    code = "too_many_pages"


class FileEncrypted(FileRefused):
    """A PDF that asks for a password."""

    code = "file_encrypted"


class FileIdReused(FileRefused):
    """The browser's id of an upload came again with another content."""

    code = "file_id_reused"


class TooManyFiles(FileRefused):
    """More files within an hour than one conversation may send, which is ``limit``."""

    code = "too_many_files"
