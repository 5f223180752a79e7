"""Which way to a customer is to be gone next, by the rules of each platform and what was tried already."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.care.accounts import Account
from bot.care.model import AttemptState
from bot.care.store import NoticeAttemptRow
from bot.conversation.reach import Manner, Reach, Reachable

#: These leave the way open; every other attempt was the only one of its way.
OPEN = frozenset({AttemptState.BARRED, AttemptState.AGAIN})


@dataclass(frozen=True)
class Way:
    """One manner of one account."""

    account: Account
    reach: Reach

    @property
    def name(self) -> tuple[str, str, str]:
        return self.account.channel, self.account.external_id, self.reach.manner.value


@dataclass(frozen=True)
class Found:
    """The next way, None when there is none; and those that platforms barred before it."""

    way: Way | None
    barred: tuple[Way, ...]


class Ways:
    """Asks the platforms, each for its own rules."""

    def __init__(self, platforms: Mapping[str, Reachable]) -> None:
        self._platforms = platforms

    async def next(
        self,
        accounts: Sequence[Account],
        attempts: Sequence[NoticeAttemptRow],
        form: str,
        slow_since: datetime,
    ) -> Found:
        """The first that was not gone yet; one that failed since before ``slow_since`` only if there is no other."""
        gone = {name_of(one) for one in attempts if one.state not in OPEN}
        slow = {name_of(one) for one in attempts if one.state == AttemptState.AGAIN and one.at <= slow_since}
        barred: list[Way] = []
        last: Way | None = None
        for account in accounts:
            way = Way(account, await self._reach(account, form))
            if way.reach.manner is Manner.NONE:
                barred.append(way)
            elif way.name in slow:
                last = last or way
            elif way.name not in gone:
                return Found(way, tuple(barred))
        return Found(last, tuple(barred))

    async def _reach(self, account: Account, form: str) -> Reach:
        platform = self._platforms.get(account.channel)
        return await platform.reach(account.external_id, form) if platform else Reach(Manner.MESSAGE)


def name_of(attempt: NoticeAttemptRow) -> tuple[str, str, str]:
    return attempt.channel, attempt.external_id, attempt.manner
