"""The decision after everything is read: answer, ask back, or decline; and whether a form got its answer.

A confident wrong answer is the worst outcome, so the thresholds come from data (`calibrate`). An entity that fills the
slot a form is asking for is never a miss.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.nlu.asides import ASIDES
from bot.nlu.bare import FILLS
from bot.nlu.errors import SettingsMissing
from bot.nlu.feelings import Feeling
from bot.nlu.topics import Topics

ANSWER, ASK, DECLINE = "answer", "ask", "decline"
INFORM, UNSURE, NOT_UNDERSTOOD = "inform", "unsure", "not_understood"
OUT_OF_SCOPE = "out_of_scope"
ADJUST_LAST = "adjust_last"
APPLICATION_STATUS = "application_status"
CHANGEABLE = frozenset({"amount", "rate", "rate_spread_bp", "term_months", "method"})
#: Topics that a change of the last calculation sounds like: 「利率降25个基点」.
CHANGE_SOUNDS_LIKE = frozenset({"rate_change", "repayment_method", "loan_term"})
CALCULATION_FORM = "calculation_form"
REQUEST_FORM = "request_form"
#: Forms with one slot for everything, and where each keeps what it waits for.
WANTS_IN = {CALCULATION_FORM: "calculation", REQUEST_FORM: "request"}
CANDIDATES = 3
FEW_CHARACTERS = 3

#: The slots of each form, which fall when it is left.
FORM_SLOTS = {
    CALCULATION_FORM: ("calculation",),
    REQUEST_FORM: ("request",),
    "progress_form": ("application_no", "id_last4", "code"),
}
#: The kinds of entity that belong to each form, and the intents that a customer may sound like while answering it.
_TAKES = {
    CALCULATION_FORM: frozenset(
        [
            "amount",
            "rate",
            "rate_spread_bp",
            "term_months",
            "method",
            "product",
            "income_monthly",
            "income_annual",
            "ratio",
            "age",
            "home_count",
            "day_of_month",
            "date",
            "paid_months",
            "area_sqm",
            "house_age",
            "days",
        ]
    ),
    "progress_form": frozenset({"application_no", "phone", "id_last4", "code"}),
    REQUEST_FORM: frozenset({"amount", "term_months", "method", "day_of_month", "date"}),
}
_ANSWERS_LIKE = {
    CALCULATION_FORM: frozenset({"calc_payment", "adjust_last", "loan_term", "out_of_scope", INFORM}),
    REQUEST_FORM: frozenset({"adjust_last", "calc_payment", "loan_term", "out_of_scope", INFORM}),
    "progress_form": frozenset({APPLICATION_STATUS, "adjust_last", "calc_payment", "out_of_scope", INFORM}),
}
_LEAVES_FORM = frozenset({"cancel", "human_agent", "complaint"})
_FILLERS = re.compile(
    r"[\s,，.。!！?？、:：;；~]|大概|大约|差不多|左右|应该|可能|我要|我想|我的|就是|打算|准备|想贷|要贷|贷款|贷|借|期限|年限|利率|本金|金额|是|吧|的|了|啊|呀|呢|嗯|哦|好|就|按|要|想|选|用|做|款|我|那|先|改成|换成|变成|如果|要是|不对|打错了|不|验证码|预留|手机号码|手机号|手机|电话|申请编号|申请号|编号|身份证|后四位|尾号"
)
_ASKS = re.compile(
    r"[?？]|吗|呢|么|怎么|如何|什么|多少|几|哪|能不能|可不可以|可以.{0,6}不|是否|有没有|要不要|会不会|为啥|咋"
)
_DEGREES = re.compile(r"lpr|基础上|再|减|加|降|涨|低|高|少|多")
_LPR_MOVES = re.compile(r"lpr.{0,3}[降涨升跌调]")  # news about the LPR, no wish to calculate with it
_WHICH = re.compile(r"哪|什么|啥|区别|为何")
_CHINESE = re.compile("[\u4e00-\u9fff]")
_WORDS = re.compile(r"[a-z0-9\u4e00-\u9fff]")


@dataclass(frozen=True)
class Thresholds:
    """Confidence from which we answer, and from which we offer the likeliest three."""

    answer: float
    ask: float

    @classmethod
    def load(cls, path: Path) -> Thresholds:
        import yaml

        if not path.exists():
            raise SettingsMissing(f"no thresholds at {path.name}; run the calibration")
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        return cls(float(content["answer"]), float(content["ask"]))

    def band(self, confidence: float) -> str:
        if confidence >= self.answer:
            return ANSWER
        return ASK if confidence >= self.ask else DECLINE


@dataclass(frozen=True)
class Reading:
    """What the components before the gate made of a message."""

    text: str  #: as typed
    words: str  #: normalised, without blanks
    ranking: Sequence[tuple[str, float]]  #: intents with calibrated confidence, best first
    entities: Sequence[dict[str, Any]] = field(
        default_factory=tuple
    )  #: on the wire's form, asides among them
    feeling: dict[str, Any] = field(default_factory=Feeling().to_wire)  #: on the wire's form
    requested_slot: str | None = None
    active_loop: str | None = None
    has_calculation: bool = False  #: a calculation was shown that a follow-up can change


@dataclass(frozen=True)
class Decision:
    """The intent that the dialogue acts on, and what is reported."""

    intent: str
    confidence: float
    understanding: dict[str, Any]


def decide(reading: Reading, topics: Topics, thresholds: Thresholds) -> Decision:
    """Bands and replaces the intent where the rules need it."""
    best, confidence = reading.ranking[0] if reading.ranking else (NOT_UNDERSTOOD, 0.0)
    band = thresholds.band(confidence)
    if not _WORDS.search(reading.words):
        band, confidence = DECLINE, 0.0
    elif best == OUT_OF_SCOPE and not _CHINESE.search(reading.words):
        band = (
            DECLINE  # letters that mean nothing: asking to say it again serves better than "not our business"
        )
    acted = {ANSWER: best, ASK: UNSURE, DECLINE: NOT_UNDERSTOOD}[band]
    if answers_form(reading, best, band):
        band, acted = ANSWER, INFORM
    elif changes_calculation(reading, best, band):
        band, acted, best = ANSWER, ADJUST_LAST, ADJUST_LAST
    elif band != ANSWER and asks_for_progress(reading):
        band, acted, best = ANSWER, APPLICATION_STATUS, APPLICATION_STATUS
    understanding = {
        "text": reading.text,
        "intent": best,
        "topic": topics.of(best),
        "confidence": round(confidence, 4),
        "band": band,
        "ranking": [
            {"intent": intent, "topic": topics.of(intent), "confidence": round(share, 4)}
            for intent, share in reading.ranking[:5]
        ],
        "entities": [entity for entity in reading.entities if entity["type"] not in ASIDES],
        "feeling": reading.feeling,
    }
    return Decision(acted, confidence, understanding)


def answers_form(reading: Reading, best: str, band: str) -> bool:
    """Whether the message answers the form that is running rather than asking for something else."""
    if not reading.requested_slot:
        return False
    types = {entity["type"] for entity in reading.entities}
    wanted = FILLS.get(reading.requested_slot, reading.requested_slot)
    others = _TAKES.get(reading.active_loop or "", frozenset())
    rest = _rest(reading)
    says_little = len(rest) <= FEW_CHARACTERS and not _ASKS.search(rest)
    if wanted not in types and not (types & others and (band != ANSWER or says_little)):
        return False
    if len(rest) <= FEW_CHARACTERS and not (band == ANSWER and _WHICH.search(rest)):
        return True
    if band != ANSWER or best in _ANSWERS_LIKE.get(reading.active_loop or "", ()):
        return True
    if best in _LEAVES_FORM:
        return False
    return not _ASKS.search(rest)


def changes_calculation(reading: Reading, best: str, band: str) -> bool:
    """Whether few words beside a new value, after a calculation, can only mean: the same again with this.

    「换成等额本金」 alone could ask what that method is; after a calculation it is a change of it.
    """
    if not reading.has_calculation or reading.active_loop or band == DECLINE:
        return False
    likely = {intent for intent, _ in reading.ranking[:CANDIDATES]}
    values = [entity for entity in reading.entities if entity["type"] in CHANGEABLE]
    rest = _DEGREES.sub("", _rest(reading))
    if ADJUST_LAST not in likely or not values or len(rest) > FEW_CHARACTERS:
        return False
    if band == ASK:
        return True
    return best in CHANGE_SOUNDS_LIKE and not _ASKS.search(rest) and not _LPR_MOVES.search(reading.words)


def asks_for_progress(reading: Reading) -> bool:
    """Whether an application number, or phone and ID digits, stand in a message not plainly about something else."""
    if reading.active_loop == "progress_form":
        return False
    types = {entity["type"] for entity in reading.entities}
    if "application_no" not in types and not {"phone", "id_last4"} <= types:
        return False
    likely = {intent for intent, _ in reading.ranking[:CANDIDATES]}
    return APPLICATION_STATUS in likely or len(_rest(reading)) <= FEW_CHARACTERS


def _rest(reading: Reading) -> str:
    """The words of a message that no entity and no filler accounts for."""
    text = reading.text
    for entity in sorted(reading.entities, key=lambda item: -int(item["start"])):
        text = text[: entity["start"]] + text[entity["end"] :]
    return _FILLERS.sub("", text.lower())


def of_button(
    payload: str, intent: str, entities: Sequence[dict[str, Any]], title: str, topics: Topics
) -> dict[str, Any]:
    """The understanding of a pressed button: certain, because we issued it."""
    return {
        "text": title or payload,
        "intent": intent,
        "topic": topics.of(intent),
        "confidence": 1.0,
        "band": ANSWER,
        "ranking": [{"intent": intent, "topic": topics.of(intent), "confidence": 1.0}],
        "entities": list(entities),
        "feeling": Feeling().to_wire(),
    }
