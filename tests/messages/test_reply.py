"""Reply parts cross the wire unchanged, and what is not one of them is refused."""

from __future__ import annotations

import json

import pytest

from bot.messages import (
    Card,
    Chart,
    File,
    Handoff,
    Image,
    Option,
    QuickReplies,
    Row,
    Stage,
    Stages,
    TextPart,
    part_from_wire,
    part_to_wire,
)

PARTS = [
    TextPart("短", "长"),
    QuickReplies((Option("是", "/yes"),), "？"),
    Card("题", (Row("月供", "4490.45", True),), ("注",), Chart("lines", "图", ("1",), {"本金": ("1.00",)})),
    Card("无图", ()),
    Stages("进度", (Stage("审批", "current", "今天"),), ("注",)),
    Image("u", "a"),
    File("u", "n", 1),
    Handoff("asked", "before_loan", "s"),
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.kind)
def test_a_part_survives_the_wire(part):
    assert part_from_wire(json.loads(json.dumps(part_to_wire(part)))) == part


@pytest.mark.parametrize(
    "wire",
    [
        {},
        {"kind": "video"},
        {"kind": "text"},
        {"kind": "text", "text": "a", "extra": 1},
        {"kind": "card", "title": "t"},
        {"kind": "quick_replies", "options": [{"title": "t"}]},
    ],
)
def test_what_is_not_a_part_is_refused(wire):
    with pytest.raises(ValueError, match="reply part"):
        part_from_wire(wire)
