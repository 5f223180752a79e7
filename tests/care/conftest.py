"""A customer with several accounts, platforms that do as they are told, and a clock that stands still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from bot.care.model import RepaymentDue
from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.care.wiring import CareWork, make_care
from bot.channels.profile import TELEGRAM, WEB, WECHAT
from bot.channels.recording import RecordingChannel
from bot.clock import FixedClock
from bot.conversation.notify import Notifier
from bot.conversation.outbox import Outbox
from bot.conversation.ports import DeliveryRefused
from bot.conversation.reach import Manner, Reach
from bot.conversation.store import ConversationRow, Log, MessageRow
from bot.knowledge import Phrases, PolicyBook
from bot.messages import QuickReplies, TextPart
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.contact import ContactWish, ContactWishes, NoticeKind, Wish
from bot.servicing.identity_rules import ProvedBy
from bot.servicing.store import CustomerRow
from bot.store.engine import Sessions

MESSAGE = Reach(Manner.MESSAGE)
FORM = Reach(Manner.TEMPLATE)


class Blocked(RecordingChannel):
    """The customer has blocked us."""

    async def send(self, external_id: str, message: object) -> None:
        raise DeliveryRefused("blocked")


@dataclass
class Rules:
    """A platform's answer to who asks how to reach somebody; forms fail as often as it is told."""

    answer: Reach = MESSAGE
    failures: list[Exception] = field(default_factory=list)
    forms: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)

    async def reach(self, external_id: str, template: str) -> Reach:
        return self.answer

    async def send_template(self, external_id: str, template: str, values: Mapping[str, str]) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.forms.append((external_id, template, dict(values)))


@dataclass
class Bench:
    """One customer of the bank, and all that tells them things."""

    sessions: Sessions
    clock: FixedClock
    policy: PolicyBook
    words: Phrases
    work: CareWork
    customer: int
    outbox: Outbox
    channels: dict[str, RecordingChannel]
    rules: dict[str, Rules]
    numbers: int = 0

    def at(self, text: str) -> None:
        """It is this time in China now."""
        self.clock.at = datetime.fromisoformat(f"{text}+08:00").astimezone(UTC)

    async def bound(self, channel: str, external_id: str = "kate", minutes_ago: float = 0) -> str:
        """An account there is proved to be the customer's, and was used so long ago; its conversation."""
        now = self.clock.now()
        async with self.sessions.begin() as session:
            conversation = await Log(session).open(channel, external_id, now)
            row = await session.get_one(ConversationRow, conversation.id)
            row.last_message_at = now - timedelta(minutes=minutes_ago)
            identities = ChannelIdentities(self.clock, self.policy)
            await identities.prove(session, channel, external_id, self.customer, ProvedBy.CODE)
        return conversation.id

    async def wishes(self, conversation_id: str, wish: Wish, **details: Any) -> bool:
        async with self.sessions.begin() as session:
            contact = ContactWishes(self.clock, self.policy)
            return await contact.note(session, conversation_id, ContactWish(wish, **details))

    async def asks_for_reminders(self, conversation_id: str) -> None:
        await self.wishes(conversation_id, Wish.ASK, kind=NoticeKind.REPAYMENT_DUE)

    async def due(self, home: str | None = None, **changes: Any) -> bool:
        """Something to tell: an instalment of another loan each time."""
        self.numbers += 1
        given: dict[str, Any] = {
            "loan_id": self.numbers,
            "due_on": date(2026, 12, 31),
            "days_before": 3,
            "amount": Decimal("5388.54"),
            "account_tail": "4321",
        }
        async with self.sessions.begin() as session:
            return await self.work.care.tell(session, self.customer, RepaymentDue(**given | changes), home)

    async def works(self, rounds: int = 6) -> None:
        """Delivery and outbox take turns."""
        for _ in range(rounds):
            await self.work.delivery.tell_due()
            while await self.outbox.deliver_due():
                pass
            self.clock.advance(seconds=10)

    def heard(self, channel: str) -> list[str]:
        """What each message that the platform was given begins with."""
        first = [shown[0] for _to, shown in self.channels[channel].sent]
        return [part.text for part in first if isinstance(part, TextPart)]

    def options(self, channel: str) -> list[str]:
        parts = [part for _to, shown in self.channels[channel].sent for part in shown]
        return [o.payload for part in parts if isinstance(part, QuickReplies) for o in part.options]

    async def states(self) -> list[tuple[str, str | None]]:
        async with self.sessions() as session:
            rows = await session.scalars(select(NoticeRow).order_by(NoticeRow.id))
            return [(row.state, row.reason) for row in rows]

    async def attempts(self) -> list[tuple[str, str, str]]:
        async with self.sessions() as session:
            rows = await session.scalars(select(NoticeAttemptRow).order_by(NoticeAttemptRow.id))
            return [(row.channel, row.manner, row.state) for row in rows]

    async def stored(self) -> int:
        """How many messages stand in all conversations."""
        async with self.sessions() as session:
            return len(list(await session.scalars(select(MessageRow.id))))


@pytest.fixture
async def bench(sessions: Sessions, clock: FixedClock, policy: PolicyBook, words: Phrases) -> Bench:
    async with sessions.begin() as session:
        fields = ("name_encrypted", "phone_encrypted", "phone_hash", "id_number_encrypted", "id_number_hash")
        customer = CustomerRow(**dict.fromkeys(fields, "x"), id_last4_hash="x", created_at=clock.now())
        session.add(customer)
        await session.flush()
    channels = {profile.name: RecordingChannel(profile, words) for profile in (WEB, WECHAT, TELEGRAM)}
    outbox, notifier = Outbox(sessions, clock, channels), Notifier()
    rules = {name: Rules() for name in channels}
    work = make_care(sessions, clock, policy, words, notifier, rules, {"wechat": rules["wechat"]})
    return Bench(sessions, clock, policy, words, work, customer.id, outbox, channels, rules)
