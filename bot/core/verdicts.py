"""What became of each item of a call, as programs and people read it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bot.conversation.ports import Words
from bot.servicing.intake import Problem, Status, Taken, Verdict


def rejected(subject: str, field: str, code: str, **values: object) -> Verdict:
    return Verdict(Status.REJECTED, subject, (Problem(field, code, values),))


def reason(problem: Problem, words: Words) -> str:
    """The problem in words; it never repeats what was sent."""
    return words.say(f"core.reason.{problem.code}", **problem.values)


def answer_of(taken: Taken, words: Words) -> dict[str, Any]:
    """The body of an answer: a result for each item, in order, and how many there are of each kind."""
    return {
        **{status.value: taken.count(status) for status in Status},
        "results": [_result(index, verdict, words) for index, verdict in enumerate(taken.verdicts)],
    }


def _result(index: int, verdict: Verdict, words: Words) -> dict[str, Any]:
    result: dict[str, Any] = {"index": index, "status": verdict.status.value}
    if verdict.subject:
        result["record"] = verdict.subject
    if verdict.problems:
        result["problems"] = _problems(verdict.problems, words)
    return result


def _problems(problems: Sequence[Problem], words: Words) -> list[dict[str, str]]:
    return [
        {"field": problem.field, "code": problem.code, "reason": reason(problem, words)}
        for problem in problems
    ]
