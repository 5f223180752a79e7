"""Files and database brought together: edits written into a copy of the files, and edited files taken in as edits.

``export`` leaves the database as it is and ``take_in`` the files; a copy that was exported and taken in again changes
nothing.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import yaml

from bot.clock import Clock, china_date
from bot.knowledge.answers import MACROS, AnswerBook
from bot.knowledge.changes import AnswerChange, PolicyChange
from bot.knowledge.editing import Change, Editing, Order, SetAnswer, SetFact, edits_of
from bot.knowledge.errors import EditRefused, Problem
from bot.knowledge.model import Fact
from bot.knowledge.policy import PolicyBook
from bot.knowledge.policy_files import as_written
from bot.knowledge.units import NATIONAL, Shape, Unit

_ENTRY = re.compile(r"^- key: (\S+)\s*$")
_WIDE = 100_000  #: a value stays on one line
_NEVER = datetime(1970, 1, 1, tzinfo=UTC)  #: of a change that is only tried


@dataclass(frozen=True)
class Exported:
    """What an export wrote into the files, and what it could not: texts whose day has not come."""

    written: tuple[str, ...]  #: names of facts and answers
    waiting: tuple[AnswerChange, ...]


@dataclass(frozen=True)
class TakenIn:
    """The changes that an import made, and those it took back because the files do without them."""

    made: tuple[Change, ...]
    taken_back: tuple[Change, ...]


class Exchange:
    """The knowledge folder in use, and the edits over it."""

    def __init__(self, editing: Editing, clock: Clock, folder: Path) -> None:
        self._editing = editing
        self._clock = clock
        self._folder = folder

    async def export(self, target: Path) -> Exported:
        """Write the facts and answers as they stand today, edits included, to ``policy/`` and ``answers/``.

        A policy file keeps its comments but for those within a fact that was edited.
        """
        standing = await self._standing()
        edits = edits_of(standing, china_date(self._clock))
        policy = PolicyBook.read(self._folder / "policy").changed_by(edits.policy)
        keys = {change.key for change in edits.policy}
        (target / "policy").mkdir(parents=True, exist_ok=True)
        for path in sorted((self._folder / "policy").glob("*.yml")):
            text = _with_values(path.read_text(encoding="utf-8"), policy, keys)
            (target / "policy" / path.name).write_text(text, encoding="utf-8")
        shutil.copytree(self._folder / "answers", target / "answers", dirs_exist_ok=True)
        for name, text in edits.texts.items():
            path = target / "answers" / f"{name}.md"
            path.parent.mkdir(exist_ok=True)
            path.write_text(text, encoding="utf-8")
        waiting = tuple(
            change
            for change in standing
            if isinstance(change, AnswerChange) and change.effective_from > china_date(self._clock)
        )
        return Exported((*sorted(keys), *edits.texts), waiting)

    async def take_in(self, source: Path, author: str) -> TakenIn:
        """Make of every difference a change that holds from the day its value says, an answer's from today.

        ``EditRefused``, with files and lines, when the files do not hold together, or when they lack something
        that the files in use have: only those can give up a fact, a value or an answer.
        """
        today = china_date(self._clock)
        problems = _faults(source, today)
        if problems:
            raise EditRefused(problems)
        standing = await self._standing()
        orders, gone = self._policy_orders(source, standing, author)
        answer_orders, gone_answers = self._answer_orders(source, standing, today, author)
        gone += gone_answers
        orders += answer_orders
        made = await self._editing.make(orders, gone, author)
        return TakenIn(made, tuple(gone))

    async def _standing(self) -> list[Change]:
        return [change for change in await self._editing.history() if change.taken_back_at is None]

    def _policy_orders(
        self, source: Path, standing: Sequence[Change], author: str
    ) -> tuple[list[Order], list[Change]]:
        wanted = PolicyBook.read(source / "policy")
        files = PolicyBook.read(self._folder / "policy")
        changes = sorted(
            (change for change in standing if isinstance(change, PolicyChange)), key=lambda change: change.id
        )
        current = files.changed_by(changes)
        missing = [
            Problem(f"policy: {key}", "the fact is in use and missing here")
            for key in sorted(set(current.keys()) - set(wanted.keys()))
        ]
        unknown = [
            Problem(_where(source, key), "no file in use defines this fact; add it there")
            for key in sorted(set(wanted.keys()) - set(current.keys()))
        ]
        if missing or unknown:
            raise EditRefused([*missing, *unknown])
        orders: list[Order] = []
        gone: list[Change] = []
        keys = current.keys()
        for key in keys:
            for region in sorted({*wanted.regions(key), *current.regions(key)}):
                values = wanted.history(key, region)
                if values == current.history(key, region):
                    continue
                if not values:
                    raise EditRefused([Problem(_where(source, key), f"{region} is in use and missing here")])
                of_series = [change for change in changes if (change.key, change.region) == (key, region)]
                for taken_back, new in _ways(files, changes, of_series, values):
                    left = files.changed_by(change for change in changes if change not in taken_back)
                    if _laid_out(left, new).history(key, region) == values:
                        break
                else:
                    raise EditRefused([Problem(_where(source, key), "a value in use is missing here")])
                orders += [_order(value, author) for value in new]
                gone += taken_back
        return orders, gone

    def _answer_orders(
        self, source: Path, standing: Sequence[Change], today: date, author: str
    ) -> tuple[list[Order], list[Change]]:
        files, wanted = _texts(self._folder), _texts(source)
        current = {**files, **edits_of(standing, today).texts}
        missing = [
            Problem(f"answers/{name}.md", "the answer is in use and missing here")
            for name in sorted(set(current) - set(wanted))
        ]
        macros = [folder / "answers" / MACROS for folder in (self._folder, source)]
        if macros[1].exists() and macros[0].read_bytes() != macros[1].read_bytes():
            missing.append(Problem(f"answers/{MACROS}", "shared sentences are edited in the files in use"))
        if missing:
            raise EditRefused(missing)
        orders: list[Order] = []
        gone: list[Change] = []
        for name in sorted(wanted):
            if wanted[name] == current.get(name):
                continue
            if wanted[name] == files.get(name):
                gone += [
                    change
                    for change in standing
                    if isinstance(change, AnswerChange)
                    and change.answer == name
                    and change.effective_from <= today
                ]
            else:
                orders.append(SetAnswer(answer=name, text=wanted[name], effective_from=today, author=author))
        return orders, gone


def _ways(
    files: PolicyBook,
    changes: Sequence[PolicyChange],
    of_series: list[PolicyChange],
    values: Sequence[Fact],
) -> Iterator[tuple[list[PolicyChange], list[Fact]]]:
    """What could be taken back and what be set so that a series has these values; the least first."""
    key, region = values[0].key, values[0].region
    for taken_back in ([], of_series):
        left = files.changed_by(change for change in changes if change not in taken_back)
        there = left.history(key, region)
        begun = [replace(value, effective_to=None) for value in there]
        yield taken_back, [value for value in values if replace(value, effective_to=None) not in begun]
        yield taken_back, [value for value in values if value not in there]


def _laid_out(policy: PolicyBook, values: Sequence[Fact]) -> PolicyBook:
    """The book as it would be with the values as changes."""
    return policy.changed_by(_as_change(value) for value in values)


def _as_change(value: Fact) -> PolicyChange:
    written: dict[str, Any] = {**as_written(value), "status": value.status}
    return PolicyChange(id=0, key=value.key, author="", made_at=_NEVER, **written)


def _order(value: Fact, author: str) -> SetFact:
    written: dict[str, Any] = {**as_written(value), "status": value.status}
    return SetFact(key=value.key, author=author, **written)


def _texts(folder: Path) -> dict[str, str]:
    return {
        f"{path.parent.name}/{path.stem}": path.read_text(encoding="utf-8")
        for path in (folder / "answers").glob("*/*.md")
    }


def _with_values(text: str, policy: PolicyBook, keys: set[str]) -> str:
    """A policy file in which the named facts have the values of the book."""
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if _ENTRY.match(line)]
    for begin, end in reversed(list(zip(starts, [*starts[1:], len(lines)], strict=True))):
        match = _ENTRY.match(lines[begin])
        key = match.group(1) if match else ""
        if key not in keys:
            continue
        block = lines[begin:end]
        after = len(block)
        while block[after - 1].startswith("#") or not block[after - 1].strip():
            after -= 1  # a comment before the next fact belongs to that one
        head = block[: next(n for n, line in enumerate(block) if line.strip() == "values:") + 1]
        facts = [fact for region in _regions(policy, key) for fact in policy.history(key, region)]
        lines[begin:end] = [*head, *(f"    - {_flow(fact)}" for fact in facts), *block[after:]]
    return "\n".join(lines) + "\n"


def _regions(policy: PolicyBook, key: str) -> list[str]:
    """The nation first."""
    return sorted(policy.regions(key), key=lambda region: (region != NATIONAL, region))


def _flow(fact: Fact) -> str:
    written = as_written(fact)
    if fact.unit is Unit.DATE:  # a file has dates where JSON has texts
        written["value"] = fact.value if fact.shape is Shape.SCALAR else list(fact.items)
    fields = {
        name: value
        for name, value in written.items()
        if value is not None and not (name == "region" and value == NATIONAL)
    }
    return yaml.dump(
        fields, Dumper=_Plain, default_flow_style=True, allow_unicode=True, sort_keys=False, width=_WIDE
    ).strip()


class _Plain(yaml.SafeDumper):
    """Writes a date twice rather than a reference to it."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _faults(source: Path, today: date) -> list[Problem]:
    """What is wrong with the files to be taken in, each with its line."""
    for part in ("policy", "answers"):
        if not (source / part).is_dir():
            return [Problem(str(source), f"has no folder {part}")]
    policy, answers = PolicyBook.read(source / "policy"), AnswerBook.read(source / "answers")
    return [_with_line(source, problem) for problem in (*policy.check(), *answers.check(policy, today))]


def _where(source: Path, key: str) -> str:
    """``lpr.yml:4: lpr.one_year``: where a fact begins."""
    for path in sorted((source / "policy").glob("*.yml")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match = _ENTRY.match(line)
            if match and match.group(1) == key:
                return f"policy/{path.name}:{number}: {key}"
    return f"policy: {key}"


def _with_line(source: Path, problem: Problem) -> Problem:
    """The problem with the line of its fact, or in an answer of the words it quotes."""
    for path in sorted((source / "policy").glob("*.yml")):
        key = problem.where.removeprefix(f"{path.name}: ").removesuffix(")").split(" (")[0]
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            match = _ENTRY.match(line)
            if match and match.group(1) == key:
                return Problem(f"policy/{path.name}:{number}: {key}", problem.message)
    path = source / "answers" / f"{problem.where.removesuffix('.md')}.md"
    if path.exists():
        quoted = re.findall(r"'([^']+)'", problem.message)
        lines = path.read_text(encoding="utf-8").splitlines()
        number = next((n for n, line in enumerate(lines, start=1) if any(q in line for q in quoted)), 1)
        return Problem(f"answers/{path.parent.name}/{path.name}:{number}", problem.message)
    return problem
