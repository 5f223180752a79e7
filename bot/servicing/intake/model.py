"""What became of a word of the bank's core."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.servicing.errors import ServicingError


class Status(StrEnum):
    ACCEPTED = "accepted"  #: something changed
    UNCHANGED = "unchanged"  #: known already, or older than what is known
    HELD = "held"  #: kept until what it belongs to arrives
    REJECTED = "rejected"  #: it cannot be; nothing changed


@dataclass(frozen=True)
class Problem:
    """Why a word is rejected or held; ``core.reason.<code>`` in the phrases has the words for it."""

    field: str
    code: str
    values: Mapping[str, object] = dataclasses.field(default_factory=dict)  #: never what identifies a person


@dataclass(frozen=True)
class Verdict:
    """What became of one word; ``subject`` names the record, such as ``application:FX2026110001``."""

    status: Status
    subject: str
    problems: Sequence[Problem] = ()


class WordRefused(ServicingError):
    """A word of the core that contradicts what is known, or leads to a state that cannot be."""

    def __init__(self, field: str, code: str, **values: object) -> None:
        super().__init__(f"{field}: {code}")
        self.problem = Problem(field, code, values)


class WordWaits(ServicingError):
    """A word about something that belongs to a record which has not arrived yet."""

    def __init__(self, field: str, waits_for: str) -> None:
        super().__init__(f"waits for {waits_for}")
        self.waits_for = waits_for
        self.problem = Problem(field, "not_here_yet")
