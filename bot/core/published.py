"""Published rates from the core become dated policy facts."""

from __future__ import annotations

import asyncio
from datetime import date
from pathlib import Path

from bot.core.verdicts import rejected
from bot.knowledge import PolicyBook
from bot.knowledge.changes import PolicyChange
from bot.knowledge.editing import Editing, SetFact
from bot.knowledge.errors import EditRefused
from bot.servicing.intake import LprWord, Status, Verdict

SOURCE = "核心系统报送"


class PublishedRates:
    """Takes a published LPR as an edit of the policy facts, with its author and its history."""

    def __init__(self, editing: Editing, folder: Path) -> None:
        self._editing = editing
        self._folder = folder
        self._one_at_a_time = asyncio.Lock()

    async def take(self, word: LprWord, actor: str, *, is_rehearsal: bool = False) -> Verdict:
        """The same rate of the same day again changes nothing; another one for that day is refused."""
        key = f"lpr.{word.lpr}"
        subject = f"policy:{key}"
        async with self._one_at_a_time:
            known = await self._of_day(key, word.effective_on)
            if word.annual_rate_pct in known:
                return Verdict(Status.UNCHANGED, subject)
            if known:
                return rejected(subject, "annual_rate_pct", "contradicts")
            if not is_rehearsal:
                order = SetFact(
                    key=key,
                    value=f"{word.annual_rate_pct:.2f}",
                    effective_from=word.effective_on,
                    author=actor,
                    source=SOURCE,
                )
                try:
                    await self._editing.set_fact(order)
                except EditRefused as exc:
                    detail = "; ".join(str(problem) for problem in exc.problems[:3])
                    return rejected(subject, "annual_rate_pct", "policy_refused", detail=detail)
        return Verdict(Status.ACCEPTED, subject)

    async def _of_day(self, key: str, day: date) -> set[object]:
        """The values that begin on the day, of the files and of the edits."""
        changes = [
            change
            for change in await self._editing.history(key)
            if isinstance(change, PolicyChange) and change.taken_back_at is None
        ]
        book = await asyncio.to_thread(PolicyBook.read, self._folder / "policy")
        facts = book.changed_by(changes).history(key)
        return {fact.number for fact in facts if fact.effective_from == day}
