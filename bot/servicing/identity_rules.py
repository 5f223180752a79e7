"""The bank's rules for the identity check, from the policy facts of one day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from bot.servicing.ports import Policy


class ProvedBy(StrEnum):
    """What proved who somebody is."""

    CODE = "code"  #: a one-time code to the phone on record
    BANK_TOKEN = "bank_token"  #: the bank's own site, which had them logged in
    OAUTH = "oauth"  #: a binding made with the platform


@dataclass(frozen=True)
class Rules:
    """The rules for the identity check on one day."""

    code_life: timedelta
    attempts: int  #: failures of a conversation, a claim or a customer that lock
    address_attempts: int  #: failures of one network address that lock: many people can share one
    lock_steps: tuple[timedelta, ...]
    verified_for: timedelta
    forgotten_after: timedelta
    codes_an_hour: int  #: to one customer
    codes_a_day: int  #: to one customer
    attempts_a_day: int  #: on one claim
    address_attempts_a_day: int
    remembering_channels: frozenset[str]  #: an account there is one person's
    remembered_for: timedelta
    signed_for: timedelta  #: the longest life of a signed identity

    @classmethod
    def of(cls, policy: Policy, on: date) -> Rules:
        def whole(key: str) -> int:
            return policy.fact(f"identity.{key}", on).whole

        return cls(
            code_life=timedelta(minutes=whole("code_minutes")),
            attempts=whole("attempts"),
            address_attempts=whole("address_attempts"),
            lock_steps=tuple(
                timedelta(minutes=int(minutes))
                for minutes in policy.fact("identity.lock_minutes", on).numbers
            ),
            verified_for=timedelta(minutes=whole("verified_minutes")),
            forgotten_after=timedelta(hours=whole("forget_hours")),
            codes_an_hour=whole("codes_an_hour"),
            codes_a_day=whole("codes_a_day"),
            attempts_a_day=whole("attempts_a_day"),
            address_attempts_a_day=whole("address_attempts_a_day"),
            remembering_channels=frozenset(
                str(name) for name in policy.fact("identity.remembering_channels", on).items
            ),
            remembered_for=timedelta(days=whole("remembered_days")),
            signed_for=timedelta(minutes=whole("signed_minutes")),
        )

    def proved_for(self, channel: str, proved_by: ProvedBy) -> timedelta:
        """How long a proof holds: longer where the account is one person's own.

        The bank's site proves anew with each visit, so its word holds no longer than a code in a browser.
        """
        if channel in self.remembering_channels and proved_by is not ProvedBy.BANK_TOKEN:
            return self.remembered_for
        return self.verified_for
