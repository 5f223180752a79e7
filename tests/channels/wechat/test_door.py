"""Only what the platform signed lately comes in, and nothing else is stored or makes the service stumble."""

from __future__ import annotations

import base64
from contextlib import suppress

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.wechat.door import Door, Mode
from bot.channels.wechat.errors import Malformed, NotFromWechat, SetupError, WechatError
from bot.channels.wechat.incoming import read_incoming
from bot.channels.wechat.xml import read_fields, text_reply
from tests.channels.wechat.platform import AES_KEY, APP_ID, TOKEN, fixture, seal, sign, unseal

NOW = 1_795_000_000


def door(mode: str = "plain") -> Door:
    return Door(APP_ID, TOKEN, AES_KEY, Mode(mode), wall=lambda: NOW)


def signed(at: int = NOW, nonce: str = "n", **more: str) -> dict[str, str]:
    return {"timestamp": str(at), "nonce": nonce, "signature": sign(str(at), nonce), **more}


def sealed(xml: str, at: int = NOW, nonce: str = "n") -> tuple[dict[str, str], bytes]:
    inner = seal(xml)
    query = signed(at, nonce, msg_signature=sign(str(at), nonce, inner))
    return query, f"<xml><Encrypt><![CDATA[{inner}]]></Encrypt></xml>".encode()


def test_what_the_platform_signed_is_opened():
    assert door().open(signed(), fixture("text").encode()).fields["Content"] == "你好"
    opened = door("encrypted").open(*sealed(fixture("text")))
    assert (opened.fields["Content"], opened.is_sealed) == ("你好", True)


def test_compatible_mode_takes_both_and_believes_the_sealed_one():
    query, body = sealed(fixture("text"))
    both = body.replace(b"<xml>", b"<xml><Content>forged</Content>")
    assert door("compatible").open(query, both).fields["Content"] == "你好"
    opened = door("compatible").open(signed(), fixture("text").encode())
    assert (opened.fields["Content"], opened.is_sealed) == ("你好", False)


@pytest.mark.parametrize("off", [-301, 301, -(10**9)])
def test_an_old_or_early_signature_is_refused(off):
    with pytest.raises(NotFromWechat, match="timestamp"):
        door().open(signed(NOW + off), fixture("text").encode())
    door().open(signed(NOW + (300 if off > 0 else -300)), fixture("text").encode())


@pytest.mark.parametrize("field", ["timestamp", "nonce", "signature"])
def test_a_changed_or_missing_field_of_the_signature_is_refused(field):
    for query in (signed() | {field: "1"}, {k: v for k, v in signed().items() if k != field}):
        with pytest.raises(NotFromWechat):
            door().open(query, fixture("text").encode())


def test_an_overheard_signature_carries_no_other_body():
    """In plain mode it does not cover the body; the same body again is the platform asking again."""
    plain, body = door(), fixture("text").encode()
    plain.open(signed(), body)
    plain.open(signed(), body)
    with pytest.raises(NotFromWechat, match="used before"):
        plain.open(signed(), fixture("text", Content="转账").encode())


def test_sealed_messages_need_their_own_signature():
    query, body = sealed(fixture("text"))
    other_query, other = sealed(fixture("text", Content="转账"))
    assert other_query["msg_signature"] != query["msg_signature"]
    for bad in (query | {"msg_signature": query["signature"]}, {k: query[k] for k in signed()}):
        with pytest.raises(NotFromWechat, match="msg_signature"):
            door("encrypted").open(bad, body)
    with pytest.raises(NotFromWechat, match="msg_signature"):
        door("encrypted").open(query, other)
    with pytest.raises(NotFromWechat):
        door("encrypted").open(query, fixture("text").encode())  # plain where it has to be sealed


def test_a_message_for_another_account_is_refused():
    inner = seal(fixture("text"), app_id="wx_another")
    query = signed(msg_signature=sign(str(NOW), "n", inner))
    with pytest.raises(NotFromWechat, match="another account"):
        door("encrypted").open(query, f"<xml><Encrypt>{inner}</Encrypt></xml>".encode())


@pytest.mark.parametrize("inner", ["", "AAAA", "%%%", base64.b64encode(bytes(32)).decode(), "x" * 5000])
def test_what_is_signed_but_cannot_be_opened_is_malformed(inner):
    query = signed(msg_signature=sign(str(NOW), "n", inner))
    with pytest.raises(WechatError):
        door("encrypted").open(query, f"<xml><Encrypt>{inner}</Encrypt></xml>".encode())


def test_what_we_seal_the_platform_can_open():
    fields = read_fields(door("encrypted").seal("<xml><Content>好</Content></xml>").encode())
    assert unseal(fields["Encrypt"]) == "<xml><Content>好</Content></xml>"
    assert fields["MsgSignature"] == sign(fields["TimeStamp"], fields["Nonce"], fields["Encrypt"])


def test_a_text_comes_out_as_it_went_in():
    text = "a]]>b<c>&\x00\x1b\ud800\n完"
    written = text_reply("o_kate", "gh_1", 1, text)
    assert read_fields(written.encode())["Content"] == "a]]>b<c>&\n完"


@pytest.mark.parametrize(
    "body",
    [
        '<!DOCTYPE xml [<!ENTITY a "aaaa">]><xml><Content>&a;</Content></xml>',
        '<!DOCTYPE xml SYSTEM "file:///etc/passwd"><xml/>',
        "<xml><Content>&undefined;</Content></xml>",
        "<?php echo 1 ?><xml/>",
        "<xml><a>1</a><a>2</a></xml>",
        "<html><a>1</a></html>",
        "<xml>" + "<a>" * 50 + "</a>" * 50 + "</xml>",
        "<xml>" + "".join(f"<a{n}/>" for n in range(300)) + "</xml>",
        "<xml>",
        "",
        '<?xml version="1.0" encoding="made-up"?><xml/>',
    ],
)
def test_xml_with_entities_or_of_another_shape_is_malformed(body):
    with pytest.raises(Malformed):
        read_fields(body.encode())


@given(
    st.one_of(st.binary(max_size=400), st.text(max_size=200).map(lambda text: f"<xml>{text}</xml>".encode()))
)
def test_any_body_is_read_or_malformed(body):
    with suppress(Malformed):
        read_incoming(read_fields(body))


KEYS = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "Content",
        "Event",
        "EventKey",
        "MediaId",
    ]
)
VALUES = st.one_of(
    st.text(max_size=300), st.sampled_from(["o_kate", "gh_1", "text", "event", "image", "CLICK", "1", ""])
)


@given(st.dictionaries(KEYS, VALUES))
def test_any_fields_are_a_message_or_malformed(fields):
    try:
        incoming = read_incoming(fields)
    except Malformed:
        return
    assert incoming.key.startswith(f"{incoming.open_id}:")
    assert len(incoming.key) <= 260


def test_settings_that_do_not_hold_together_are_named():
    for app_id, token, key in (("", TOKEN, AES_KEY), (APP_ID, "", AES_KEY), (APP_ID, TOKEN, "short")):
        with pytest.raises(SetupError):
            Door(app_id, token, key, Mode.ENCRYPTED)


async def test_the_address_is_confirmed_to_the_platform_alone(pair):
    address = f"{pair.live.url}/channels/wechat"
    right = pair.platform.request("<xml/>")["params"]
    async with httpx.AsyncClient(timeout=30) as http:
        answer = await http.get(address, params={**right, "echostr": "5927<b>"})
        assert (answer.status_code, answer.text) == (200, "5927<b>")
        assert answer.headers["content-type"].startswith("text/plain")
        wrong = await http.get(address, params={**right, "signature": "0" * 40, "echostr": "5927"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (403, "forbidden")


async def test_nothing_unverified_is_stored_and_nothing_makes_the_service_stumble(pair):
    """Bodies and queries by the hundred, among them well signed nonsense; then one good message still works."""
    good = pair.platform.request(fixture("text"))
    xml = fixture("text")
    bodies = [
        b"",
        b"\xff\xfe\x00",
        b"<xml/>",
        xml.encode(),
        b"<xml>" + b"a" * 70_000,
        good["content"][:-9],
        "嗨".encode(),
    ]
    queries = [
        {},
        good["params"] | {"signature": "0" * 40},
        good["params"] | {"msg_signature": "é" * 40},
        good["params"] | {"timestamp": "²"},
        {**good["params"], "timestamp": "9" * 400},
        {name: "\ud83d".encode("utf-8", "replace").decode() for name in good["params"]},
    ]
    async with httpx.AsyncClient(timeout=30) as http:
        statuses = {
            (await http.post(good["url"], params=query, content=body)).status_code
            for query in queries
            for body in [*bodies, good["content"]]
        }
        for nonsense in (
            "",
            "<xml/>",
            "not xml",
            fixture("text", FromUserName="o_' OR 1=1"),
            fixture("text", MsgId=""),
        ):
            request = pair.platform.request(nonsense)
            statuses.add((await http.post(**request)).status_code)
    assert statuses == {400, 403, 413}
    assert await pair.conversations() == 0
    assert pair.live.dialogue.asked == []
    assert await pair.platform.say("o_kate", "你好") == "「你好」"


async def test_a_long_message_is_refused_in_words_and_stored_not_at_all(pair, words):
    assert await pair.platform.say("o_kate", "字" * 4001) == words.say("refused.too_long")
    assert await pair.platform.say("o_kate", "\u200b") == words.say("refused.empty")
    assert await pair.log() == []
