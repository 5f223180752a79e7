"""The contract of every platform's profile: each kind of reply gets through, and no word of it is lost."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.channels.degrade import fit
from bot.channels.profile import CONSOLE, TELEGRAM, WEB, WECHAT, Profile
from bot.channels.recording import RecordingChannel
from bot.conversation.model import Message, Sender
from bot.conversation.ports import DeliveryFailed
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
    part_to_wire,
)

PROFILES = [WEB, CONSOLE, WECHAT, TELEGRAM]
SAMPLES = [
    (
        TextPart("满一年后不收违约金。", "签合同时的约定为准。"),
        ["满一年后不收违约金。", "签合同时的约定为准。"],
    ),
    (
        QuickReplies((Option("是", "/yes"), Option("都不是", "/no")), "您想问的是？"),
        ["您想问的是？", "是", "都不是"],
    ),
    (
        Card(
            "月供试算",
            (Row("每月还款", "5388.54 元", emphasis=True),),
            ("按等额本息",),
            Chart("stacked_area", "每年还款", ("第1年", "第2年"), {"本金": ("1.00", "2.00")}),
        ),
        ["月供试算", "每月还款", "5388.54 元", "按等额本息", "每年还款", "第2年", "2.00"],
    ),
    (
        Stages("办理进度", (Stage("评估", "done"), Stage("审批", "current", "预计周五")), ("节假日顺延",)),
        ["办理进度", "评估", "审批", "预计周五", "节假日顺延"],
    ),
    (Image("https://example.test/a.png", "还款图"), ["https://example.test/a.png", "还款图"]),
    (File("https://example.test/a.pdf", "还款计划.pdf", 10), ["https://example.test/a.pdf", "还款计划.pdf"]),
]


CARD = Card(
    "月供试算",
    (Row("每月还款", "5388.54 元", emphasis=True),),
    ("按等额本息",),
    Chart("stacked_area", "每年还款", ("第1年", "第2年"), {"本金": ("1.00", "2.00")}),
)


class Gallery:
    """Remembers what was to be drawn."""

    def __init__(self) -> None:
        self.drawn: list[Chart | Stages] = []

    def chart(self, chart: Chart) -> str:
        self.drawn.append(chart)
        return "/papers/drawn"

    def stages(self, stages: Stages) -> str:
        self.drawn.append(stages)
        return "/papers/stations"


def everything_in(parts) -> str:
    return "\n".join(str(part_to_wire(part)) for part in parts)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
@pytest.mark.parametrize(("part", "words_of_it"), SAMPLES, ids=lambda value: getattr(value, "kind", ""))
def test_every_kind_of_reply_keeps_its_words(profile, part, words_of_it, words):
    shown = everything_in(fit([part], profile, words))
    assert [word for word in words_of_it if word not in shown] == []


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_an_order_to_hand_over_is_never_shown(profile, words):
    assert fit([Handoff("asked", "before_loan", "内部摘要")], profile, words) == []


@pytest.mark.parametrize("profile", [WECHAT, TELEGRAM], ids=lambda profile: profile.name)
def test_a_chart_becomes_a_picture_and_not_a_list_of_years(profile, words):
    gallery = Gallery()
    text, picture = fit([CARD], profile, words, gallery)
    assert text == TextPart("月供试算\n每月还款：5388.54 元\n按等额本息")
    assert picture == Image("/papers/drawn", "每年还款")
    assert gallery.drawn == [CARD.chart]


STAGES = Stages("办理进度", (Stage("评估", "done"), Stage("审批", "current", "预计周五")), ("节假日顺延",))


def test_stations_become_a_picture_that_keeps_every_word(words):
    gallery = Gallery()
    (picture,) = fit([STAGES], TELEGRAM, words, gallery)
    assert isinstance(picture, Image)
    assert (picture.url, gallery.drawn) == ("/papers/stations", [STAGES])
    assert picture.alt.splitlines() == ["办理进度", "[已完成] 评估", "[进行中] 审批 预计周五", "节假日顺延"]


def test_without_pictures_the_stations_are_told_in_lines(words):
    blind = replace(WECHAT, has_images=False)
    for shown in (fit([STAGES], WECHAT, words), fit([STAGES], blind, words, Gallery())):
        (part,) = shown
        assert part.text.splitlines()[1:3] == ["[已完成] 评估", "[进行中] 审批 预计周五"]
    assert fit([STAGES], WEB, words, Gallery()) == [STAGES]


@pytest.mark.parametrize("profile", [WEB, CONSOLE], ids=lambda profile: profile.name)
def test_who_can_show_a_chart_gets_the_chart_itself(profile, words):
    gallery = Gallery()
    assert fit([CARD], profile, words, gallery) == [CARD]
    assert gallery.drawn == []


def test_without_pictures_the_chart_is_told_in_lines(words):
    blind = replace(WECHAT, has_images=False)
    for shown in (fit([CARD], WECHAT, words), fit([CARD], blind, words, Gallery())):
        (part,) = shown
        assert part.text.splitlines()[2:] == [
            "每年还款",
            "第1年：本金 1.00",
            "第2年：本金 2.00",
            "按等额本息",
        ]


def test_pictures_and_files_stay_what_they_are_where_the_platform_takes_them(words):
    parts = [Image("/papers/a", "还款图"), File("/papers/b", "还款计划.pdf", 10)]
    assert fit(parts, TELEGRAM, words) == parts
    none = replace(TELEGRAM, has_images=False, has_files=False)
    assert fit(parts, none, words) == [TextPart("还款图\n/papers/a"), TextPart("还款计划.pdf\n/papers/b")]


def test_a_platform_without_buttons_gets_numbers_to_reply_with(words):
    buttons = QuickReplies((Option("月供试算", "/a"), Option("查进度", "/b")), "要做什么？")
    (shown,) = fit([buttons], WECHAT, words)
    assert shown.text.splitlines()[:3] == ["要做什么？", "1. 月供试算", "2. 查进度"]


@pytest.mark.parametrize("profile", [WECHAT, TELEGRAM], ids=lambda profile: profile.name)
@pytest.mark.parametrize("text", ["还款说明。" * 900, "没有句号" * 1200, "短。"])
def test_a_long_text_is_split_within_the_limit_and_nothing_is_lost(profile: Profile, text, words):
    pieces = fit([TextPart(text)], profile, words)
    assert "".join(piece.text for piece in pieces) == text
    assert all(profile.fits(piece.text) for piece in pieces)


def test_a_split_comes_at_the_end_of_a_sentence(words):
    pieces = fit([TextPart("还款说明。" * 900)], WECHAT, words)
    assert all(piece.text.endswith("。") for piece in pieces)


async def test_a_recording_channel_fails_as_often_as_told_and_then_records(words, clock):
    channel = RecordingChannel(WECHAT, words, failures=1)
    message = Message(
        "m_1", "c_1", "wechat", 1, Sender.BOT, (part_to_wire(TextPart("您好", "细节")),), clock.now()
    )
    with pytest.raises(DeliveryFailed):
        await channel.send("openid", message)
    await channel.send("openid", message)
    assert channel.sent == [("openid", [TextPart("您好"), TextPart("细节")])]
