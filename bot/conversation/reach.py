"""How a platform lets a customer be reached who has not just written; each channel answers for its own rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Manner(StrEnum):
    """What a platform takes for somebody who did not ask just now."""

    MESSAGE = "message"  #: words in the conversation, by the outbox
    TEMPLATE = "template"  #: one of the platform's forms, filled in
    NONE = "none"


@dataclass(frozen=True)
class Reach:
    """How it can be done now."""

    manner: Manner
    why_not: str = ""  #: with ``NONE``: a word for the record
    is_watched: bool = (
        True  #: False: it lies there until the customer looks, so another channel is tried as well
    )


class Reachable(Protocol):
    """A channel with rules of its own; one without takes a message at any time."""

    async def reach(self, external_id: str, template: str) -> Reach:
        """``template``: the name of the form that would do, where the platform wants one."""
        ...


class Templates(Protocol):
    """A channel that sends filled-in forms."""

    async def send_template(self, external_id: str, template: str, values: Mapping[str, str]) -> None:
        """Once. ``DeliveryFailed`` when it was surely not done and may be tried again, ``DeliveryRefused`` when the
        platform will not, ``DeliveryInDoubt`` when nobody can tell."""
        ...
