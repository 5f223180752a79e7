"""Facts and answers as supervisors change them: what was wrong is told field by field, what was done is audited."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import structlog

from bot.clock import Clock, china_date
from bot.conversation.ports import Words
from bot.handoff.agents import Agents
from bot.handoff.model import Agent
from bot.http import Refusal
from bot.knowledge.changes import PolicyChange
from bot.knowledge.editing import Change, Editing, Preview, SetAnswer, SetFact
from bot.knowledge.errors import EditRefused, Problem, UnknownChange, UnknownFact
from bot.knowledge.formatting import value_text
from bot.knowledge.library import Library
from bot.knowledge.policy_files import ValueRefused, changed_fact
from bot.servicing.store import AuditEventRow
from bot.store.engine import Sessions

log = structlog.get_logger()

#: What the checks say, and the phrase that says it to a supervisor; the groups are its ``a`` and ``b``.
TOLD = {
    r"the figure '(.+)' must be a policy fact": "figure",
    r"the text is shown as it stands, '(.+)' included": "markup",
    r"no policy fact is called '(.+)'": "unknown_fact",
    r"no value of '(.+)' on (\S+)": "no_fact_for_day",
    r"'?(.*?)'? is not a number": "not_a_number",
    r"'?(.*?)'? is below zero": "below_zero",
    r"a range is two numbers": "range",
    r"the range .* is upside down": "upside_down",
    r"a flag is true or false": "flag",
    r"a date is written like": "date",
    r"a time span is written like": "time_span",
    r"a day of the year is written like": "month_day",
    r"two values hold on (\S+)": "overlap",
    r"no value after (\S+) until (\S+)": "gap",
    r"status bank and bank_configurable": "status",
    r"its own question '(.+)' has no word of only_if": "only_if",
    r"the topic needs one default answer": "default",
    r"the default answer cannot be": "special_default",
    r"the related topic '(.+)' has no answer": "related",
    r"unknown field (.+)": "unknown_field",
    r"topic .* is not the folder's name": "topic",
    r"title is missing": "title",
    r"the short form is empty": "short_empty",
    r"questions must list": "questions",
    r"review_by must be a date": "review_by",
}
_QUOTED = re.compile(r"'([^']+)'")


class KnowledgeDesk:
    """What the desk does about facts and answers."""

    def __init__(
        self,
        editing: Editing,
        library: Library,
        agents: Agents,
        sessions: Sessions,
        clock: Clock,
        words: Words,
    ) -> None:
        self._editing = editing
        self._library = library
        self._agents = agents
        self._sessions = sessions
        self._clock = clock
        self._words = words

    @property
    def today(self) -> date:
        return china_date(self._clock)

    @property
    def library(self) -> Library:
        return self._library

    async def text_of(self, name: str) -> str:
        """An answer's text as it stands today; 404 when there is none."""
        text = await self._editing.text_of(name)
        if text is None:
            raise Refusal(404, "answer_not_found", self._words.say("refused.answer_not_found"))
        return text

    async def set_fact(self, order: SetFact, agent: Agent) -> Change:
        """Give a fact a value; 422 says at which field it does not hold together."""
        try:
            change = await self._editing.set_fact(order)
        except EditRefused as exc:
            raise self._refusal(exc.problems, {"value": str(order.value)}, "value") from exc
        except UnknownFact as exc:
            raise Refusal(404, "fact_not_found", self._words.say("refused.fact_not_found")) from exc
        await self._done("knowledge.fact_changed", change, agent)
        return change

    async def set_answer(self, order: SetAnswer, pieces: Mapping[str, str], agent: Agent) -> Change:
        """Give an answer another text; ``pieces`` are its fields, by which a refusal names what is wrong."""
        try:
            change = await self._editing.set_answer(order)
        except EditRefused as exc:
            raise self._refusal(exc.problems, pieces, "short") from exc
        await self._done("knowledge.answer_changed", change, agent)
        return change

    async def preview(self, order: SetAnswer, pieces: Mapping[str, str]) -> Preview:
        try:
            return await self._editing.preview(order)
        except EditRefused as exc:
            raise self._refusal(exc.problems, pieces, "short") from exc

    async def take_back(self, name: str, agent: Agent) -> Change:
        """End a change at once; 404 when there is none, 409 when what is left would not hold together."""
        try:
            change = await self._editing.take_back(name, agent.name)
        except UnknownChange as exc:
            raise Refusal(404, "change_not_found", self._words.say("refused.change_not_found")) from exc
        except EditRefused as exc:
            told = self._words.say("refused.cannot_take_back", detail=self._told(exc.problems[0]))
            raise Refusal(409, "cannot_take_back", told) from exc
        await self._done("knowledge.taken_back", change, agent)
        return change

    async def history(self, name: str | None = None) -> list[dict[str, Any]]:
        """Every change, newest first, of one fact or answer if named."""
        people = {one.name: one.display_name for one, _, _ in await self._agents.roster()}
        changes = await self._editing.history(name)
        return [self._change(change, people) for change in reversed(changes)]

    def _change(self, change: Change, people: Mapping[str, str]) -> dict[str, Any]:
        told: dict[str, Any] = {
            "name": change.name,
            "effective_from": change.effective_from.isoformat(),
            "author": people.get(change.author, change.author),
            "made_at": change.made_at.isoformat(),
            "reason": change.reason,
            "taken_back_by": people.get(change.taken_back_by or "", change.taken_back_by),
            "taken_back_at": change.taken_back_at.isoformat() if change.taken_back_at else None,
        }
        if isinstance(change, PolicyChange):
            return {**told, "subject": change.key, "region": change.region, "value": self._value(change)}
        return {**told, "subject": change.answer, "region": None, "value": None}

    def _value(self, change: PolicyChange) -> str:
        """The value with its unit; as it was written where the fact is gone."""
        try:
            fact = changed_fact(self._library.policy.every(change.key)[0], change.as_entry())
        except (UnknownFact, ValueRefused, IndexError):
            return str(change.value)
        return value_text(fact.value, fact.unit, fact.shape)

    async def _done(self, action: str, change: Change, agent: Agent) -> None:
        """Kept in the audit, and in use here at once; other processes follow within seconds."""
        subject = change.key if isinstance(change, PolicyChange) else change.answer
        async with self._sessions.begin() as session:
            session.add(
                AuditEventRow(
                    at=self._clock.now(),
                    actor=f"agent:{agent.id}",
                    action=action,
                    subject=f"knowledge:{subject}"[:100],
                    detail={"change": change.name, "reason": change.reason},
                )
            )
        self._library.use(await self._editing.in_force(self.today))
        await asyncio.to_thread(self._library.refresh)

    def _refusal(self, problems: Sequence[Problem], pieces: Mapping[str, str], otherwise: str) -> Refusal:
        told: dict[str, dict[str, None]] = {}  #: each fault once, in their order
        for problem in problems:
            told.setdefault(_field_of(problem, pieces, otherwise), {})[self._told(problem)] = None
        fields = {field: "\n".join(faults) for field, faults in told.items()}
        return Refusal(422, "edit_refused", self._words.say("refused.edit_refused"), fields)

    def _told(self, problem: Problem) -> str:
        for pattern, phrase in TOLD.items():
            if found := re.search(pattern, problem.message):
                a, b = (*found.groups(), "", "")[:2]
                return self._words.say(f"editing.problem.{phrase}", a=a, b=b)
        log.info("knowledge.problem_untranslated", message=problem.message)
        return self._words.say("editing.problem.other", where=problem.where, message=problem.message)


def _field_of(problem: Problem, pieces: Mapping[str, str], otherwise: str) -> str:
    """The field in which the words stand that the check complains of; days have a field of their own."""
    if re.search(r"\(overlap\)|no value after|lies before", problem.message):
        return "effective_from"
    if "status bank" in problem.message:
        return "status"
    for quoted in _QUOTED.findall(problem.message):
        for name, content in pieces.items():
            if quoted in content:
                return name
    return "head" if problem.where.endswith(".md") and "head" in pieces else otherwise
