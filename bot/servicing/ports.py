"""What servicing needs from outside."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

import structlog

from bot.servicing.errors import CodeNotSent, NotSentReason

log = structlog.get_logger(__name__)


class CodeSender(Protocol):
    """Sends a one-time code to the customer's phone."""

    async def send(self, *, application_no: str, phone: str, phone_masked: str, code: str) -> None:
        """Send it once, or raise ``CodeNotSent``. ``application_no`` is empty when a phone was named."""
        ...


class LogCodeSender:
    """Writes the code into the log instead of sending it: for development only."""

    async def send(self, *, application_no: str, phone: str, phone_masked: str, code: str) -> None:
        log.info(
            "verification.code_sent", application_no=application_no, code=code, phone_masked=phone_masked
        )


class NoCodeSender:
    """Stands where the bank's SMS gateway is not connected: no code, so nobody is verified."""

    async def send(self, *, application_no: str, phone: str, phone_masked: str, code: str) -> None:
        raise CodeNotSent(NotSentReason.NOT_CONNECTED)


class PolicyFact(Protocol):
    """The part of a policy fact that servicing reads."""

    @property
    def low(self) -> Decimal: ...
    @property
    def high(self) -> Decimal: ...
    @property
    def whole(self) -> int: ...
    @property
    def number(self) -> Decimal: ...
    @property
    def fraction(self) -> Decimal: ...
    @property
    def numbers(self) -> Sequence[Decimal]: ...
    @property
    def items(self) -> Sequence[Any]: ...


class Policy(Protocol):
    """The dated policy facts; ``bot.knowledge.PolicyBook`` is one."""

    def fact(self, key: str, on: date, region: str | None = None) -> PolicyFact: ...
