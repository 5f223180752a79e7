"""Entities in Rasa's spelling, from the wire's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def to_rasa(entities: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What Rasa's slot mappings read: ``type`` is called ``entity`` there."""
    return [
        {
            **{key: value for key, value in entity.items() if key != "type"},
            "entity": entity["type"],
            "extractor": "fangxin",
        }
        for entity in entities
    ]
