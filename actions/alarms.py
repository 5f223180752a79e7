"""Words that are always a person's business: a life, fraud, money gone, a court, a death. Kept as data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
import yaml

from actions.base import Outcome, TurnAction
from actions.handoffs import hand_over
from actions.turn import Turn
from bot.knowledge.errors import PolicyError
from bot.messages import Handoff

log = structlog.get_logger(__name__)

ALWAYS_HUMAN, DISTRESS = "always_human", "distress"
ANGRY, STRONG = "angry", 2
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Alarms:
    """The file ``data/knowledge/alarms.yml``, compiled."""

    patterns: Mapping[str, re.Pattern[str]]

    @classmethod
    def load(cls, path: Path) -> Alarms:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls({name: re.compile(words) for name, words in content.items()})

    def heard_in(self, text: str) -> str | None:
        """The first alarm in the words, a life before all else."""
        words = _BLANKS.sub("", text)
        return next((name for name, pattern in self.patterns.items() if pattern.search(words)), None)


def alarmed(action: TurnAction, turn: Turn) -> Outcome | None:
    """A person takes over at once where the words are an alarm, or the customer is beside themselves with anger."""
    if turn.is_pressed:
        return None
    alarm = action.colleagues.alarms.heard_in(turn.text)
    if alarm is not None:
        return _to_a_person(action, turn, ALWAYS_HUMAN, f"alarm.{alarm}")
    feeling = turn.feeling
    if feeling.label == ANGRY and feeling.strength >= STRONG:
        return _to_a_person(action, turn, DISTRESS, "alarm.anger")
    return None


def _to_a_person(action: TurnAction, turn: Turn, reason: str, phrase: str) -> Outcome:
    """The hand-over with words of its own, ahead of everybody who only waits; without the facts, the usual words."""
    handed_over = hand_over(action, turn, reason)
    try:
        words = action.text_for(turn, phrase, **_numbers(action))
    except PolicyError as exc:
        log.error("alarm.without_numbers", phrase=phrase, reason=str(exc))
        words = action.text_for(turn, f"handoff_reply.{reason}")
    parts = tuple(
        replace(part, is_urgent=True) if isinstance(part, Handoff) else words for part in handed_over.parts
    )
    return replace(handed_over, parts=parts)


def _numbers(action: TurnAction) -> dict[str, str]:
    """The telephone numbers that an alarm's words may name."""
    policy, today = action.colleagues.library.policy, action.colleagues.today
    return {
        "phone": policy.fact("service.phone", today).text,
        "crisis_line": policy.fact("service.crisis_line", today).text,
    }
