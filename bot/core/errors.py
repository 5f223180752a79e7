"""Why a call of the bank's systems is not answered.

CoreError
├── KeyRefused           no key, an unknown one, or one that was revoked: never said which
├── ScopeMissing
├── KeyNameTaken
├── UnknownKey
├── CallMalformed        the body is no list of objects
├── TooMuch              more at once than is taken
├── IdempotencyKeyBad
├── IdempotencyKeyReused another body under the same key
└── FileUnreadable       a file of which no row can be taken
"""

from __future__ import annotations


class CoreError(Exception):
    """The call was not carried out; nothing was changed."""

    status = 422
    code = "core_malformed"


class KeyRefused(CoreError):
    """No key, an unknown one, or one that was revoked."""

    status, code = 401, "core_key_refused"


class ScopeMissing(CoreError):
    """The key may not tell about this."""

    status, code = 403, "core_scope_missing"


class KeyNameTaken(CoreError):
    """Another key, perhaps a revoked one, has this name."""


class UnknownKey(CoreError):
    """No key that is in use has this name."""


class CallMalformed(CoreError):
    """The body is not an object with a list of items."""


class TooMuch(CoreError):
    """More items or bytes at once than are taken."""

    status, code = 413, "core_too_much"


class IdempotencyKeyBad(CoreError):
    """The idempotency key is empty, too long or not printable."""

    status, code = 422, "core_idempotency_key"


class IdempotencyKeyReused(CoreError):
    """The same idempotency key came with another body."""

    status, code = 409, "core_idempotency_reused"


class FileUnreadable(CoreError):
    """A file of which no row can be taken; the argument says why: kind, columns, format, empty or encoding."""

    def __init__(self, why: str, detail: str = "") -> None:
        super().__init__(f"{why}: {detail}" if detail else why)
        self.why = why
        self.detail = detail
