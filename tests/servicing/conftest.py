"""A servicing room with demonstration data and a sender that remembers its codes."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot.clock import FixedClock, china_date
from bot.knowledge import PolicyBook
from bot.servicing import Servicing, WorkingCalendar, demo
from bot.servicing.errors import CodeNotSent, NotSentReason
from bot.servicing.store import ApplicationRow, CustomerRow
from bot.settings import ROOT
from bot.store.engine import Sessions
from bot.store.vault import Vault

KNOWN = {known.application_no: known for known in demo.KNOWN}
NO = "FX2026110001"
LAST4 = "123X"
CHAT = "conversation-1"


@dataclass
class RememberedCodes:
    """A code sender that sends nothing and keeps everything."""

    sent: list[tuple[str, str, str]] = field(default_factory=list)
    is_broken: bool = False
    broken_by: NotSentReason = NotSentReason.UNREACHABLE

    async def send(self, *, application_no: str, phone: str, phone_masked: str, code: str) -> None:
        if self.is_broken:
            raise CodeNotSent(self.broken_by)
        self.sent.append((application_no, phone_masked, code))

    @property
    def last(self) -> str:
        return self.sent[-1][2]

    @property
    def wrong(self) -> str:
        """A code that was not sent last."""
        return f"{(int(self.last) + 1) % 1_000_000:06d}"


@pytest.fixture(scope="session")
def policy() -> PolicyBook:
    return PolicyBook.load(ROOT / "data" / "knowledge" / "policy")


@pytest.fixture
def vault() -> Vault:
    return Vault("test secret")


@pytest.fixture
def codes() -> RememberedCodes:
    return RememberedCodes()


@pytest.fixture
async def servicing(
    sessions: Sessions, clock: FixedClock, vault: Vault, codes: RememberedCodes, policy: PolicyBook
) -> Servicing:
    await demo.seed(sessions, clock, vault, policy)
    calendar = WorkingCalendar.from_policy(policy, china_date(clock))
    return Servicing(sessions, clock, vault, codes, calendar, policy)


@pytest.fixture
async def phone_of_customer(servicing: Servicing, sessions: Sessions, vault: Vault) -> str:
    """The phone on record of whoever applied under ``NO``."""
    async with sessions() as session:
        sealed = await session.scalar(
            select(CustomerRow.phone_encrypted)
            .join(ApplicationRow, ApplicationRow.customer_id == CustomerRow.id)
            .where(ApplicationRow.application_no == NO)
        )
    return vault.decrypt(sealed or "")
