"""What the components pass to each other on a Rasa message.

Rasa's own `text` stays as it was typed: Rasa looks at it again after the last component, and a slash that comes out of
normalising must not turn words into a command.
"""

from __future__ import annotations

from typing import Any

from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normalise import Normalised, normalise

NORMAL = "fangxin_normal"
ENTITIES = "fangxin_entities"
FEELING = "fangxin_feeling"
RANKING = "fangxin_ranking"
UNDERSTANDING = "understanding"


def normalised(message: Message) -> Normalised:
    """The normalised text, made when a component asks first."""
    known = message.get(NORMAL)
    if isinstance(known, Normalised):
        return known
    return normalise(message.get(TEXT) or "")


def metadata(message: Message) -> dict[str, Any]:
    return message.get("metadata") or {}
