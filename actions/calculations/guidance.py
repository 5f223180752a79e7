"""Questions of a guidance that are answered by a choice and not by a figure, and what a guidance hands over."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from actions.calculations.model import Case, Choice, Field, Need, Say, Values, never
from actions.calculations.rules import Refusal, Rules

#: No answer to what was asked, but a question of the customer's own.
_NO_QUESTION = r"^(?!.*(?:[吗么?？]|怎[么样]|如何)).{0,30}?"

SKIPPED = "skipped"  #: the option of somebody who would rather not say
SKIP_WORDS = r"不想说|不方便说|不便说|不愿说|不告诉|保密|隐私|跳过|下一[个题]|随便|无所谓"
#: The group of the customer, in which questions differ; known from what they said, and never asked for.
SEGMENT = "segment"
SEGMENT_FIELD = Field(SEGMENT, SEGMENT, is_needed=never)


def pick(
    subject: str,
    name: str,
    options: Mapping[str, str],
    *,
    is_heard_anywhere: bool = False,
    may_be_skipped: bool = False,
    **changes: Any,
) -> Field:
    """A question with a button for each option; ``options`` gives the words that mean each (a pattern, or empty).

    The buttons' words are ``<subject>.option.<name>.<option>``. ``is_heard_anywhere``: the words settle it
    wherever they stand, not only in answer to its question. ``may_be_skipped``: 「不想说」 is an answer too.
    """
    known = {*options, SKIPPED} if may_be_skipped else set(options)

    def choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
        return tuple(Choice(say(f"{subject}.option.{name}.{option}"), {name: option}) for option in options)

    def judge(rules: Rules, value: Any) -> Refusal | None:
        return None if isinstance(value, str) and value in known else Refusal("guidance.refused", {})

    meant = {option: words for option, words in options.items() if words}
    answers = tuple(
        (re.compile(f"{_NO_QUESTION}(?:{words})"), {name: option}) for option, words in meant.items()
    )
    if may_be_skipped:
        answers = ((re.compile(SKIP_WORDS), {name: SKIPPED}), *answers)
    mentions = tuple((re.compile(words), {name: option}) for option, words in meant.items())
    field = Field(
        name,
        name,
        choices=choices,
        answers=answers,
        mentions=mentions if is_heard_anywhere else (),
        judge=judge,
    )
    return field.but(**changes)


def chosen(case: Case, subject: str, name: str) -> str:
    """The words of the option that was chosen."""
    if case.values.raw(name) == SKIPPED:
        return case.say("guidance.skipped")
    return case.say(f"{subject}.option.{name}.{case.values.raw(name)}")


def is_one_of(name: str, *options: str) -> Need:
    """Needed only where an earlier choice was one of these."""
    return lambda values: values.raw(name) in options
