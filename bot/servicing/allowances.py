"""How many codes and attempts a day (or an hour) allows, counted from the rows of those that were made."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.servicing.identity_rules import Rules
from bot.servicing.store import VerificationAttemptRow, VerificationRow

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
MET_A_LOCK = "locked"  #: the outcome of attempts that were not looked at, which cost nothing


async def attempts_full_until(
    session: AsyncSession, claim: str, address_hash: str | None, now: datetime, rules: Rules
) -> datetime | None:
    """When another attempt on this claim and from this address is allowed, if the day's are used up."""
    made = VerificationAttemptRow
    ends = [await _full_until(session, made.claim == claim, rules.attempts_a_day, now)]
    if address_hash is not None:
        here = made.address_hash == address_hash
        ends.append(await _full_until(session, here, rules.address_attempts_a_day, now))
    return max((end for end in ends if end is not None), default=None)


async def codes_full_until(
    session: AsyncSession, customer_id: int, now: datetime, rules: Rules
) -> datetime | None:
    """When the next code may be sent to the customer, if the hour's or the day's are used up."""
    sent = (
        await session.scalars(
            select(VerificationRow.sent_at)
            .where(VerificationRow.customer_id == customer_id, VerificationRow.sent_at > now - DAY)
            .order_by(VerificationRow.sent_at.desc())
            .limit(max(rules.codes_a_day, rules.codes_an_hour))
        )
    ).all()
    ends = [
        sent[most - 1] + window
        for window, most in ((HOUR, rules.codes_an_hour), (DAY, rules.codes_a_day))
        if len(sent) >= most and sent[most - 1] + window > now
    ]
    return max(ends, default=None)


async def _full_until(
    session: AsyncSession, where: ColumnElement[bool], most: int, now: datetime
) -> datetime | None:
    made = (
        await session.scalars(
            select(VerificationAttemptRow.at)
            .where(
                where,
                VerificationAttemptRow.at > now - DAY,
                VerificationAttemptRow.outcome != MET_A_LOCK,
            )
            .order_by(VerificationAttemptRow.at.desc())
            .limit(most)
        )
    ).all()
    return made[-1] + DAY if len(made) >= most else None
