"""What is read from recorded updates, and that no body at all can do more than be Malformed."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.ports import Arrival, Malformed, RemoteFile
from bot.channels.telegram.updates import decoded, read_update
from bot.messages import Choice, Text, Unsupported
from tests.channels.telegram.conftest import PAYLOADS, payload

RECORDED = sorted(path.stem for path in PAYLOADS.glob("*.json"))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4),
    max_leaves=12,
)


@pytest.mark.parametrize(
    ("name", "arrivals"),
    [
        ("text", [Arrival("700100", "21", Text("提前还款有违约金吗"))]),
        ("command", [Arrival("700100", "21", Text("算一下月供"))]),
        ("callback", [Arrival("700100", "press:3007000000000000001", Choice("K", ""))]),
        ("edited", [Arrival("700100", "21:edit90004", Text("提前还款要交违约金吗"))]),
        (
            "photo",
            [
                Arrival("700100", "21", RemoteFile("large", "photo.jpg", 88171)),
                Arrival("700100", "21:caption", Text("这是我的身份证")),
            ],
        ),
        ("document", [Arrival("700100", "21", RemoteFile("doc1", "流水.pdf", 50211))]),
        ("voice", [Arrival("700100", "21", Unsupported("语音"))]),
        ("animation", [Arrival("700100", "21", Unsupported("动图"))]),
        ("group_text", []),
        ("pinned", []),
        ("unknown", []),
    ],
)
def test_a_recorded_update_is_read_as_what_it_was(name, arrivals, words):
    assert list(read_update(payload(name), words).arrivals) == arrivals


@pytest.mark.parametrize("name", RECORDED)
def test_every_recorded_update_has_its_number(name, words):
    assert read_update(payload(name), words).id == payload(name)["update_id"]


@pytest.mark.parametrize(
    "body",
    [
        *(b"", b"{", b"\xff\xfe", b"NaN", b'{"update_id": NaN}', b"[" * 100_000, b"9" * 5000),
        *(b"[]", b"{}", b'{"update_id": "1"}', b'{"update_id": true}', b'{"update_id": -1}'),
        b'{"update_id": 9223372036854775808}',
    ],
)
def test_what_is_no_update_is_malformed(body, words):
    with pytest.raises(Malformed):
        read_update(decoded(body), words)


@settings(max_examples=300, deadline=None)
@given(body=st.binary(max_size=200))
def test_no_bytes_can_do_more_than_be_malformed(body, words):
    with suppress(Malformed):
        read_update(decoded(body), words)


@settings(max_examples=500, deadline=None)
@given(data=st.data())
def test_a_recorded_update_with_anything_in_any_place_is_read_or_malformed(data, words):
    update = payload(data.draw(st.sampled_from(RECORDED)))
    places = list(_places(update))
    for holder, key in data.draw(st.lists(st.sampled_from(places), min_size=1, max_size=3)):
        holder[key] = data.draw(JSON)
    try:
        read = read_update(decoded(json.dumps(update).encode()), words)
    except Malformed:
        return
    assert 0 <= read.id < 2**63
    for arrival in read.arrivals:
        assert int(arrival.external_id) > 0
        assert arrival.message_id


def _places(value):
    """Every place in the JSON where something could stand instead."""
    pairs = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in pairs:
        yield value, key
        yield from _places(inner)
