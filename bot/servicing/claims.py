"""What somebody names to be found on record: an application number, or the phone that they left with the bank."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.servicing.store import ApplicationRow, CustomerRow
from bot.store.vault import Vault

NUMBER_LENGTH = 32  #: of the column; a longer number is cut, and so cannot match
CLAIM_LENGTH = 80
PHONE_CLAIM = "phone:"
_PHONE = re.compile(r"(?:\+?86)?(1\d{10})")


@dataclass(frozen=True)
class Found:
    """A customer that a claim may mean, with the application where one was named."""

    customer: CustomerRow
    application: ApplicationRow | None


def claim_of(named: str, vault: Vault) -> str:
    """The claim as it is kept and passed on: a number as it is, a phone as its keyed hash.

    A claim made before stays itself, so whoever keeps one need not know of which kind it is.
    """
    plain = normal(named)
    if named.startswith(PHONE_CLAIM):
        return named[:CLAIM_LENGTH]
    phone = _PHONE.fullmatch(plain.replace("-", ""))
    return PHONE_CLAIM + vault.keyed_hash(phone[1]) if phone else plain[:NUMBER_LENGTH]


async def find(session: AsyncSession, claim: str) -> list[Found]:
    """Whom the claim may mean: one customer by number, all who share the phone by phone."""
    if claim.startswith(PHONE_CLAIM):
        shared = await session.scalars(
            select(CustomerRow)
            .where(CustomerRow.phone_hash == claim.removeprefix(PHONE_CLAIM))
            .order_by(CustomerRow.id)
        )
        return [Found(customer, None) for customer in shared]
    rows = await session.execute(
        select(CustomerRow, ApplicationRow)
        .join(ApplicationRow, CustomerRow.id == ApplicationRow.customer_id)
        .where(ApplicationRow.application_no == claim)
    )
    return [Found(customer, application) for customer, application in rows]


def normal_number(application_no: str) -> str:
    """An application number as it is stored: half-width, upper case, no blanks."""
    return normal(application_no)[:NUMBER_LENGTH]


def normal(text: str) -> str:
    """Half-width, upper case, no blanks."""
    return "".join(unicodedata.normalize("NFKC", text).split()).upper()
