"""The dated policy facts: rates, fees, limits and durations, each with the days on which it holds.

A file is a list of facts; a fact has one or more values, each from its own day on::

    - key: lpr.over_5y
      title: 5年期以上LPR
      unit: pct
      values:
        - {value: "3.50", effective_from: 2025-05-20, source: ..., status: B, verified_on: 2026-09-20}

``effective_to`` is the last day a value holds; left out, it holds until the day before the next one.
``shape`` is ``scalar`` unless said; ``region`` is ``CN`` unless said, and a region without a value of its own
falls back to it. ``source``, ``status``, ``verified_on`` and ``review_by`` may stand on the fact instead of on each
value. A first entry that is only ``- review_by: <date>`` says by when the file's facts are looked up again, and
``kept_for`` why a fact stands there although no answer and no calculation uses it yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

from bot.knowledge.changes import PolicyChange
from bot.knowledge.errors import NoFactForDay, PolicyInvalid, Problem, UnknownFact
from bot.knowledge.model import Fact
from bot.knowledge.policy_files import PolicyReader, ValueRefused, changed_fact
from bot.knowledge.units import NATIONAL

ONE_DAY = timedelta(days=1)


class PolicyBook:
    """Every policy fact of a folder, found by key, day and region."""

    def __init__(
        self,
        facts: Iterable[Fact],
        problems: Iterable[Problem] = (),
        gaps: Iterable[str] = (),
        kept: Mapping[str, str] | None = None,
    ) -> None:
        series: dict[tuple[str, str], list[Fact]] = defaultdict(list)
        for fact in facts:
            series[fact.key, fact.region].append(fact)
        self._series = {
            name: _closed(sorted(facts, key=lambda fact: fact.effective_from))
            for name, facts in series.items()
        }
        self._keys = frozenset(key for key, _ in self._series)
        self._gaps = frozenset(gaps)
        self._problems = tuple(problems)
        self.kept: Mapping[str, str] = dict(kept or {})  #: facts that nothing uses yet, and what they are for

    @classmethod
    def load(cls, folder: Path) -> PolicyBook:
        """The facts of every ``*.yml`` in the folder; ``PolicyInvalid`` when they do not hold together."""
        book = cls.read(folder)
        problems = book.check()
        if problems:
            raise PolicyInvalid(problems)
        return book

    @classmethod
    def read(cls, folder: Path) -> PolicyBook:
        """As ``load``, but a faulty book is returned too, so that ``check`` can list all that is wrong."""
        texts = {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.yml"))}
        return cls.from_texts(texts)

    @classmethod
    def from_texts(cls, texts: Mapping[str, str]) -> PolicyBook:
        """A book of files given as text, by name."""
        reader = PolicyReader()
        for name, text in texts.items():
            reader.read(name, text)
        if not texts:
            reader.problems.append(Problem("policy", "no policy file was found"))
        return cls(reader.facts, reader.problems, reader.gaps, reader.kept)

    def changed_by(self, changes: Iterable[PolicyChange]) -> PolicyBook:
        """The book with changes laid over it, the later over the earlier.

        A change without a last day ends when the value that it replaces would have ended; after one with a last
        day that value goes on. A change that fits no fact is left out and told by ``check``.
        """
        series = {name: list(facts) for name, facts in self._series.items()}
        problems = list(self._problems)
        for change in changes:
            like = next((facts[-1] for (key, _), facts in sorted(series.items()) if key == change.key), None)
            if like is None:
                problems.append(Problem(change.key, str(UnknownFact(change.key))))
                continue
            try:
                fact = changed_fact(like, change.as_entry())
            except ValueRefused as exc:
                problems.append(Problem(change.key, str(exc)))
                continue
            name = (fact.key, fact.region)
            series[name] = _laid_over(series.get(name, []), fact)
        everything = (fact for facts in series.values() for fact in facts)
        return PolicyBook(everything, problems, self._gaps, self.kept)

    def fact(self, key: str, on: date, region: str | None = None) -> Fact:
        """The fact as it holds on a day, in the region if that has one of its own."""
        if key not in self._keys:
            raise UnknownFact(key)
        for place in (region, NATIONAL) if region else (NATIONAL,):
            for fact in self._series.get((key, place), ()):
                if fact.holds_on(on):
                    return fact
        raise NoFactForDay(key, on, region)

    def keys(self) -> tuple[str, ...]:
        """Every key, in order."""
        return tuple(sorted(self._keys))

    def history(self, key: str, region: str = NATIONAL) -> tuple[Fact, ...]:
        """Every value the fact ever had in a region, oldest first."""
        if key not in self._keys:
            raise UnknownFact(key)
        return self._series.get((key, region), ())

    def every(self, key: str) -> tuple[Fact, ...]:
        """Every value of the fact in every region."""
        return tuple(fact for region in self.regions(key) for fact in self.history(key, region))

    def regions(self, key: str) -> tuple[str, ...]:
        """The regions in which the fact has a value of its own."""
        if key not in self._keys:
            raise UnknownFact(key)
        return tuple(sorted(region for name, region in self._series if name == key))

    def on(self, day: date) -> tuple[Fact, ...]:
        """Every fact that holds on a day, all regions."""
        return tuple(
            fact for name in sorted(self._series) for fact in self._series[name] if fact.holds_on(day)
        )

    def check(self) -> tuple[Problem, ...]:
        """What is wrong with the files: unreadable values, overlaps, and gaps that nobody declared."""
        problems = list(self._problems)
        for (key, region), facts in sorted(self._series.items()):
            where = key if region == NATIONAL else f"{key} ({region})"
            for earlier, later in pairwise(facts):
                end = earlier.effective_to
                if end is None or end >= later.effective_from:
                    problems.append(
                        Problem(where, f"two values hold on {later.effective_from.isoformat()} (overlap)")
                    )
                elif end + ONE_DAY < later.effective_from and key not in self._gaps:
                    problems.append(
                        Problem(
                            where,
                            f"no value after {end.isoformat()} until {later.effective_from.isoformat()}",
                        )
                    )
        return tuple(problems)


def _laid_over(facts: list[Fact], change: Fact) -> list[Fact]:
    """The values of a region with a new one in the midst of them."""
    if change.effective_to is None:
        replaced = next((fact for fact in facts if fact.holds_on(change.effective_from)), None)
        later = [fact.effective_from for fact in facts if fact.effective_from > change.effective_from]
        end = replaced.effective_to if replaced else min(later) - ONE_DAY if later else None
        change = replace(change, effective_to=end)
    first, last = change.effective_from, change.effective_to
    kept = []
    for fact in facts:
        if fact.effective_from < first:
            end = fact.effective_to
            kept.append(replace(fact, effective_to=first - ONE_DAY) if end is None or end >= first else fact)
        if last is not None and (fact.effective_to is None or fact.effective_to > last):
            kept.append(replace(fact, effective_from=max(fact.effective_from, last + ONE_DAY)))
    return sorted([*kept, change], key=lambda fact: fact.effective_from)


def _closed(facts: list[Fact]) -> tuple[Fact, ...]:
    """Values left open end the day before the next one begins."""
    closed = []
    for position, fact in enumerate(facts):
        if fact.effective_to is None and position + 1 < len(facts):
            end = facts[position + 1].effective_from - ONE_DAY
            if end >= fact.effective_from:
                fact = replace(fact, effective_to=end)
        closed.append(fact)
    return tuple(closed)
