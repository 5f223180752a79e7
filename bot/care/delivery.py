"""Brings notices to customers: at the right hour, on the first channel that takes them, every attempt recorded.

A notice is worked on under a lease, so of several processes one does. An attempt is written down before a platform is
asked; what a dead process left under way is not repeated. A message goes through the conversation's own outbox, which
tries it again while the platform is away.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.care.accounts import Account, accounts_of
from bot.care.attempts import Attempts
from bot.care.hours import SpeakingHours
from bot.care.model import AttemptState, Notice, NoticeState, notice_of
from bot.care.store import NoticeAttemptRow, NoticeRow
from bot.care.ways import Found, Way, Ways
from bot.care.wording import Wording, form_of
from bot.clock import CHINA, Clock
from bot.conversation.model import Message, Sender
from bot.conversation.notify import Notifier
from bot.conversation.ports import DeliveryFailed, DeliveryInDoubt, DeliveryRefused, Words
from bot.conversation.reach import Manner, Reachable, Templates
from bot.conversation.store import Log
from bot.handoff.ports import Policy
from bot.messages import part_to_wire
from bot.servicing.channel_identities import ChannelIdentities
from bot.servicing.contact import ContactRules, contact_rules
from bot.servicing.store import CustomerRow
from bot.store.engine import Sessions

log = structlog.get_logger()

BATCH = 20
LEASE = timedelta(seconds=60)
FORM_SECONDS = 45.0  #: for one form; shorter than the lease
BACK_OFF = (5, 15, 60, 300)  #: seconds after the first, second, … time that a form was not taken
GIVE_UP_AFTER = timedelta(hours=24)
LOOK_AGAIN = (timedelta(seconds=5), timedelta(minutes=5))  #: at what the outbox does, at first and at last


@dataclass(frozen=True)
class Case:
    """A notice as it stands, and the next way for it."""

    notice: Notice
    wishes: ContactRules
    accounts: tuple[Account, ...]
    attempts: tuple[NoticeAttemptRow, ...]

    @property
    def pending(self) -> NoticeAttemptRow | None:
        """The attempt of which nothing is known yet."""
        return next((one for one in self.attempts if one.state == AttemptState.QUEUED), None)


class Delivery:
    """Works through what is due; see ``tell_due``."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        policy: Policy,
        words: Words,
        notifier: Notifier,
        platforms: Mapping[str, Reachable],
        templates: Mapping[str, Templates],
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._policy = policy
        self._wording = Wording(words)
        self._notifier = notifier
        self._ways = Ways(platforms)
        self._templates = templates
        self._identities = ChannelIdentities(clock, policy)
        self._attempts = Attempts(clock)

    async def tell_due(self) -> int:
        """Go one step with everything that is due; how many notices came further."""
        now = self._clock.now()
        is_free = or_(NoticeRow.leased_until.is_(None), NoticeRow.leased_until <= now)
        async with self._sessions.begin() as session:
            due = await session.scalars(
                select(NoticeRow)
                .where(NoticeRow.state == NoticeState.WAITING.value, NoticeRow.due_at <= now, is_free)
                .order_by(NoticeRow.due_at, NoticeRow.id)
                .limit(BATCH)
                .with_for_update(skip_locked=True)
            )
            ids = []
            for row in due:
                row.leased_until = now + LEASE
                ids.append(row.id)
        return sum([await self._advance_safely(notice_id, now + LEASE) for notice_id in ids])

    async def _advance_safely(self, notice_id: int, lease: datetime) -> bool:
        """One notice that cannot be worked on holds up no other; it comes up again when its lease is over."""
        try:
            return await self._advance(notice_id, lease)
        except Exception:
            log.exception("notice.step_failed", notice=notice_id)
            return False

    async def _advance(self, notice_id: int, lease: datetime) -> bool:
        async with self._sessions.begin() as session:
            row = await self._mine(session, notice_id, lease)
            case = await self._case(session, row) if row is not None else None
            if row is None or case is None:
                return row is not None
        hours = SpeakingHours.of(self._policy, self._clock)
        slow_since = self._clock.now() - hours.patience
        found = await self._ways.next(case.accounts, case.attempts, form_of(case.notice.kind), slow_since)
        async with self._sessions.begin() as session:
            row = await self._mine(session, notice_id, lease)
            if row is None or not await self._may_go_on(session, row, case, found, hours):
                return False
            await self._attempts.note_barred(session, row.id, found.barred)
            if found.way is None:
                await self._end_of_ways(session, row)
                return True
            message = await self._attempt(session, row, case.notice, found.way)
        if message is not None:
            await self._notifier.message(message)
        else:
            await self._send_form(notice_id, lease, case.notice, found.way)
        return True

    async def _mine(self, session: AsyncSession, notice_id: int, lease: datetime) -> NoticeRow | None:
        """The row, locked, while it is ours to work on."""
        row = await session.get(NoticeRow, notice_id, with_for_update=True, populate_existing=True)
        is_ours = row is not None and row.state == NoticeState.WAITING and row.leased_until == lease
        return row if is_ours else None

    async def _case(self, session: AsyncSession, row: NoticeRow) -> Case | None:
        """What is known of it; None when it has come to its end."""
        attempts = await self._attempts.of(session, row.id)
        if any(one.state == AttemptState.SENDING for one in attempts):  # a process died over it
            await self._attempts.settle(
                session, row.id, AttemptState.SENDING, AttemptState.DOUBTFUL, "cut off"
            )
            self._end(row, NoticeState.DOUBTFUL, "cut off")
            return None
        notice, wishes = notice_of(row.body), await contact_rules(session, row.customer_id)
        if not attempts or all(one.state == AttemptState.BARRED for one in attempts):
            today = self._clock.now().astimezone(CHINA).date()
            if not wishes.allows(notice.kind):
                self._end(row, NoticeState.DECLINED, "the customer wants none")
                return None
            if notice.useful_until is not None and notice.useful_until < today:
                self._end(row, NoticeState.LAPSED, "too late to be of use")
                return None
        if await self._attempts.look(session, attempts):
            self._end(row, NoticeState.TOLD, None)
            return None
        accounts = await accounts_of(
            session, self._identities, self._clock.now(), row.customer_id, row.conversation_id, wishes.channel
        )
        return Case(notice, wishes, tuple(accounts), tuple(attempts))

    async def _may_go_on(
        self, session: AsyncSession, row: NoticeRow, case: Case, found: Found, hours: SpeakingHours
    ) -> bool:
        """Whether the next way is to be gone now; if not, the notice comes up again when it may be."""
        now, pending = self._clock.now(), case.pending
        right_hour = _right_hour(case, hours, now)
        is_slow = pending is not None and found.way is not None and now - pending.at >= hours.patience
        if pending is not None and (right_hour > now or is_slow):
            state = AttemptState.AGAIN if right_hour > now else AttemptState.FAILED
            if await self._attempts.call_back(session, pending.id, state):
                pending = None
        if pending is not None:  # left to the outbox
            self._put_off(row, now + min(max((now - pending.at) / 2, LOOK_AGAIN[0]), LOOK_AGAIN[1]), None)
            return False
        if right_hour > now:
            self._put_off(row, right_hour, "quiet hours")
            return False
        if case.notice.kind not in hours.urgent:
            # locked, so that two do not count at once
            await session.get(CustomerRow, row.customer_id, with_for_update={"key_share": True})
            if await self._attempts.said_today(session, row, hours.urgent) >= hours.daily_limit:
                spares = case.wishes.spares_evenings
                self._put_off(row, hours.next_day(now, spares_evenings=spares), "daily limit")
                return False
        return True

    def _put_off(self, row: NoticeRow, until: datetime, reason: str | None) -> None:
        row.due_at, row.reason, row.leased_until = until, reason, None
        if reason is not None:
            log.info("notice.deferred", notice=row.id, until=until.isoformat(), reason=reason)

    async def _attempt(
        self, session: AsyncSession, row: NoticeRow, notice: Notice, way: Way
    ) -> Message | None:
        """Write it down, and with it the message; None for a form, which is sent after the commit."""
        if way.reach.manner is Manner.TEMPLATE:
            await self._attempts.begin(session, row.id, way, AttemptState.SENDING)
            return None
        entries = Log(session)
        parts = self._wording.parts(notice, is_verified=way.account.is_verified)
        message = await entries.append(
            await entries.get(way.account.conversation_id),
            Sender.SYSTEM,
            tuple(part_to_wire(part) for part in parts),
            at=self._clock.now(),
        )
        state = AttemptState.QUEUED if way.reach.is_watched else AttemptState.STORED
        await self._attempts.begin(session, row.id, way, state, message_id=message.id)
        self._put_off(
            row, self._clock.now() + (LOOK_AGAIN[0] if way.reach.is_watched else timedelta(0)), None
        )
        return message

    async def _send_form(self, notice_id: int, lease: datetime, notice: Notice, way: Way) -> None:
        account, reason = way.account, None
        try:
            async with asyncio.timeout(FORM_SECONDS):
                await self._templates[account.channel].send_template(
                    account.external_id, form_of(notice.kind), self._wording.values(notice)
                )
            state = AttemptState.SENT
        except DeliveryFailed as exc:
            state, reason = AttemptState.AGAIN, str(exc)
        except DeliveryRefused as exc:
            state, reason = AttemptState.FAILED, str(exc)
        except (DeliveryInDoubt, TimeoutError) as exc:
            state, reason = AttemptState.DOUBTFUL, str(exc)
        except Exception as exc:
            log.exception("notice.form_failed", notice=notice_id, channel=account.channel)
            state, reason = AttemptState.FAILED, repr(exc)
        async with self._sessions.begin() as session:
            row = await self._mine(session, notice_id, lease)
            if row is not None:
                await self._form_sent(session, row, state, reason)

    async def _form_sent(
        self, session: AsyncSession, row: NoticeRow, state: AttemptState, reason: str | None
    ) -> None:
        """What follows from the platform's answer."""
        now = self._clock.now()
        sent = await self._attempts.settle(session, row.id, AttemptState.SENDING, state, reason)
        row.due_at, row.leased_until = now, None
        match state:
            case AttemptState.SENT:
                self._end(row, NoticeState.TOLD, None)
            case AttemptState.DOUBTFUL:
                self._end(row, NoticeState.DOUBTFUL, reason)
            case AttemptState.AGAIN if now - sent.at >= GIVE_UP_AFTER:
                sent.state = AttemptState.FAILED.value
            case AttemptState.AGAIN:
                row.due_at = now + timedelta(seconds=BACK_OFF[min(sent.tries, len(BACK_OFF)) - 1])

    async def _end_of_ways(self, session: AsyncSession, row: NoticeRow) -> None:
        attempts = await self._attempts.of(session, row.id)
        if any(one.state == AttemptState.STORED for one in attempts):
            self._end(row, NoticeState.TOLD, "stored until the customer looks")
        else:
            self._end(row, NoticeState.UNTOLD, "no channel takes it")

    def _end(self, row: NoticeRow, state: NoticeState, reason: str | None) -> None:
        row.state, row.reason, row.settled_at, row.leased_until = state.value, reason, self._clock.now(), None
        is_lost = state in (NoticeState.UNTOLD, NoticeState.DOUBTFUL)
        (log.error if is_lost else log.info)(
            "notice.settled", notice=row.id, state=state.value, reason=reason
        )


def _right_hour(case: Case, hours: SpeakingHours, now: datetime) -> datetime:
    """Now, or when it may be told next; what is urgent waits only for those who want quiet evenings."""
    spares = case.wishes.spares_evenings
    if case.notice.kind in hours.urgent and not spares:
        return now
    return hours.next_moment(now, spares_evenings=spares)
