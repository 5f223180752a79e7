"""Scripted customers (``tests/dialogues``): each file is one conversation, held with the running stack.

For whoever writes one: a ``name`` and ``steps``. A step is what the customer does (``customer``: words,
``press``: a button's title, ``press_again``: the first button of that title that stands further up,
``customer_code_for``: types the one-time code of that application, or masked phone) and, under ``bot``, what must come
of it. ``loan`` puts a loan on record first, so that its figures are the script's own. Figures are literal; ``check`` has
them worked out a second time, by the formula alone.
"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any, Literal

import pytest
import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from bot.settings import ROOT
from tests.e2e.checks_afford import PlanCheck
from tests.e2e.checks_fund import FundCheck
from tests.e2e.checks_guide import GuideCheck
from tests.e2e.checks_requests import RequestCheck
from tests.e2e.checks_running_loan import RunningLoanCheck
from tests.e2e.conftest import Stack
from tests.e2e.records import LoanRecord

FOLDER = ROOT / "tests" / "dialogues"
FILES = sorted(FOLDER.glob("*.yml"))
FEN, FIVE_YUAN = Decimal("0.01"), Decimal(5)
NO_TICKET = "none"
_FIGURE = re.compile(r"-?\d[\d,]*(?:\.\d+)?")


class Strict(BaseModel):
    """Unknown keys are mistakes of the writer, not wishes."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Check(Strict):
    """A loan whose figures are worked out again, apart from the product's own arithmetic."""

    kind: Literal["equal_instalment", "equal_principal", "both"]
    principal: Decimal
    rate: Decimal  #: percent a year
    months: int

    def figures(self) -> dict[str, tuple[Decimal, Decimal]]:
        """The card's rows with what they must show, and how far off they may be.

        The interest by formula knows nothing of the cents that every month is rounded to.
        """
        monthly_rate = self.rate / 1200
        with localcontext() as context:
            context.prec = 50
            if monthly_rate:
                growth = (1 + monthly_rate) ** self.months
                level = self.principal * monthly_rate * growth / (growth - 1)
            else:
                level = self.principal / self.months
            level_interest = level * self.months - self.principal
            share = self.principal / self.months
            first = share + self.principal * monthly_rate
            falling_interest = self.principal * monthly_rate * (self.months + 1) / 2
        match self.kind:
            case "equal_instalment":
                return {"每月还款": (level, FEN), "总利息": (level_interest, FIVE_YUAN)}
            case "equal_principal":
                return {"首月还款": (first, FEN), "总利息": (falling_interest, FIVE_YUAN)}
            case _:
                return {
                    "等额本息 每月还款": (level, FEN),
                    "等额本金 首月 → 末月": (first, FEN),
                    "等额本息 总利息": (level_interest, FIVE_YUAN),
                    "等额本金 总利息": (falling_interest, FIVE_YUAN),
                }


class Expected(Strict):
    """What must come of a step. Texts count wherever they stand: in bubbles, rows, notes or buttons."""

    says: list[str] = Field(default_factory=list)
    not_says: list[str] = Field(default_factory=list)
    silent: bool = False
    topic: str | list[str] | None = None  #: a list: the questions of one message, in order
    band: Literal["answer", "ask", "decline"] | None = None
    feeling: Literal["calm", "worried", "angry", "urgent"] | None = None
    feeling_strength: Literal[0, 1, 2] | None = None
    mode: Literal["bot", "queued", "human", "closed"] | None = None
    ticket: str | None = None  #: the reason, or ``none``
    brief: list[str] = Field(default_factory=list)  #: what the agent reads on the ticket
    rows: dict[str, str] = Field(default_factory=dict)
    chart: bool | None = None
    opens: bool | None = None  #: every file that was given can be fetched, and is as large as was said
    stages: dict[Literal["done", "current", "ahead", "stopped"], str] = Field(default_factory=dict)
    buttons: list[str] = Field(default_factory=list)
    entities: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _expects_something(self) -> Expected:
        if not self.model_fields_set:
            raise ValueError("bot: expects nothing")
        return self


class Step(Strict):
    """One thing the customer does."""

    customer: str | None = None
    press: str | None = None
    press_again: str | None = None
    customer_code_for: str | None = None
    bot: Expected
    check: Check | RunningLoanCheck | FundCheck | PlanCheck | GuideCheck | RequestCheck | None = None

    @model_validator(mode="after")
    def _does_one_thing(self) -> Step:
        does = (self.customer, self.press, self.press_again, self.customer_code_for)
        if sum(each is not None for each in does) != 1:
            raise ValueError("a step is one of customer, press, press_again, customer_code_for")
        return self


class Dialogue(Strict):
    name: str
    loan: LoanRecord | None = None  #: put on record before the customer comes
    steps: list[Step] = Field(min_length=1)

    @classmethod
    def load(cls, path: Path) -> Dialogue:
        return cls.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@dataclass(frozen=True)
class Said:
    """What came of a step: the turn's report, and every part that was written since."""

    report: dict[str, Any]
    parts: list[dict[str, Any]]
    opened: list[bool] = field(default_factory=list)  #: of each file, in order

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [part for part in self.parts if part["kind"] == kind]

    @property
    def buttons(self) -> list[str]:
        return [option["title"] for part in self.of("quick_replies") for option in part["options"]]

    @property
    def rows(self) -> dict[str, str]:
        return {row["label"]: row["value"] for card in self.of("card") for row in card["rows"]}

    def lines(self) -> Iterator[str]:
        """Everything that can be read, a line each."""
        for part in self.parts:
            match part["kind"]:
                case "text":
                    yield part["text"]
                    if part.get("detail"):
                        yield part["detail"]
                case "card":
                    yield part["title"]
                    yield from (f"{row['label']} {row['value']}" for row in part["rows"])
                    yield from part["notes"]
                case "stages":
                    yield part["title"]
                    yield from (f"{s['name']} [{s['state']}] {s['note']}" for s in part["stages"])
                    yield from part["notes"]
                case "file":
                    yield f"[文件 {part['name']}]"
                case "quick_replies":
                    yield from (f"[{option['title']}]" for option in part["options"])


@dataclass
class Customer:
    """One scripted customer in a conversation of their own."""

    stack: Stack
    conversation: str = field(default_factory=lambda: f"dialogue-{uuid.uuid4().hex[:12]}")
    seen: int = 0
    offered: list[dict[str, Any]] = field(default_factory=list)  #: the buttons that stand in the window
    above: list[dict[str, Any]] = field(default_factory=list)  #: and all that stood there before

    def take(self, step: Step) -> Said:
        if step.press is not None:
            report = self.stack.press(step.press, self.conversation, self.offered)
        elif step.press_again is not None:
            report = self.stack.press(step.press_again, self.conversation, self.above)
        elif step.customer_code_for is not None:
            code = self.stack.code_for(step.customer_code_for)
            report = self.stack.ask(code, self.conversation)
        else:
            report = self.stack.ask(step.customer or "", self.conversation)
        written = self.stack.http.get(
            f"/channels/console/{self.conversation}/messages", params={"since": self.seen}
        ).json()["messages"]
        self.seen = max((message["seq"] for message in written), default=self.seen)
        parts = [part for message in written if message["sender"] != "customer" for part in message["parts"]]
        fetched = [(part, self.stack.http.get(part["url"])) for part in parts if part["kind"] == "file"]
        opened = [
            answer.status_code == 200 and len(answer.content) == part["size"] for part, answer in fetched
        ]
        said = Said(report, parts, opened)
        self.offered = said.of("quick_replies") or self.offered
        self.above += said.of("quick_replies")
        return said


def faults(step: Step, said: Said) -> Iterator[str]:
    """Everything about the answer that is not as the script wants it."""
    expected, report = step.bot, said.report
    readable = "\n".join(said.lines())
    yield from (f"没有说：{text}" for text in expected.says if text not in readable)
    yield from (f"不该说：{text}" for text in expected.not_says if text in readable)
    if expected.silent and said.parts:
        yield "不该说话"
    felt = {
        **report,
        "feeling": (report["feeling"] or {}).get("label"),
        "feeling_strength": (report["feeling"] or {}).get("strength"),
    }
    for name in ("band", "mode", "feeling", "feeling_strength"):
        wanted = getattr(expected, name)
        if wanted is not None and felt[name] != wanted:
            yield f"{name} 是 {felt[name]}，应为 {wanted}"
    yield from _topic_faults(expected, report)
    if expected.ticket is not None:
        reason = report["ticket"]["reason"] if report["ticket"] else NO_TICKET
        if reason != expected.ticket:
            yield f"工单是 {reason}，应为 {expected.ticket}"
    read = (report["ticket"] or {}).get("summary") or ""
    yield from (f"工单上没有：{text}" for text in expected.brief if text not in read)
    for label, value in expected.rows.items():
        if said.rows.get(label) != value:
            yield f"卡片「{label}」是 {said.rows.get(label)}，应为 {value}"
    if expected.chart is not None and any(card["chart"] for card in said.of("card")) != expected.chart:
        yield f"图表应为 {expected.chart}"
    if expected.opens is not None and (bool(said.opened) and all(said.opened)) != expected.opens:
        yield f"文件打开应为 {expected.opens}"
    stages = {(stage["state"], stage["name"]) for part in said.of("stages") for stage in part["stages"]}
    for state, name in expected.stages.items():
        if not any(state == is_state and name in is_name for is_state, is_name in stages):
            yield f"没有处于 {state} 的阶段 {name}"
    yield from (f"没有按钮：{title}" for title in expected.buttons if title not in said.buttons)
    found = [(item["type"], item["value"]) for part in report["understood"] for item in part["entities"]]
    yield from (
        f"没有读出：{kind}={value}" for kind, value in expected.entities.items() if (kind, value) not in found
    )
    if step.check:
        yield from _figure_faults(step.check, said.rows)


def _topic_faults(expected: Expected, report: dict[str, Any]) -> Iterator[str]:
    topics = [part["topic"] for part in report["understood"]]
    if isinstance(expected.topic, list) and topics != expected.topic:
        yield f"问题是 {topics}，应为 {expected.topic}"
    if isinstance(expected.topic, str) and topics != [expected.topic]:
        yield f"话题是 {topics}，应为 {expected.topic}"


def _figure_faults(
    check: Check | RunningLoanCheck | FundCheck | PlanCheck | GuideCheck | RequestCheck, rows: dict[str, str]
) -> Iterator[str]:
    for label, (worked_out, may_differ) in check.figures().items():
        shown = rows.get(label)
        if shown is None:
            yield f"卡片上没有「{label}」，无法复算"
        elif abs(_yuan(shown) - worked_out) > may_differ:
            yield f"复算「{label}」得 {worked_out:.2f}，卡片上是 {shown}"
    if isinstance(check, GuideCheck):
        for (label, words), (worked_out, may_differ) in check.marked().items():
            _, found, behind = rows.get(label, "").partition(words)
            if not found or abs(_yuan(behind) - worked_out) > may_differ:
                yield f"复算「{label}」的「{words}」得 {worked_out:.2f}，卡片上是 {rows.get(label)}"


def _yuan(shown: str) -> Decimal:
    """The (first) figure of a row: 「6,833.33元 → 3,344.26元」 gives the first month's."""
    found = _FIGURE.search(shown)
    return Decimal(found.group().replace(",", "")) if found else Decimal("Infinity")


def transcript_of(step: Step, said: Said) -> list[str]:
    pressed = step.press or step.press_again
    did = step.customer or (f"[{pressed}]" if pressed else f"（{step.customer_code_for} 的验证码）")
    understood = "；".join(
        f"{part['topic']}（{part['intent']} {part['confidence']:.2f} {part['band']}）"
        + "".join(f" {item['type']}={item['value']}" for item in part["entities"])
        for part in said.report["understood"]
    )
    ticket = f"，工单 {said.report['ticket']['reason']}" if said.report["ticket"] else ""
    return [
        f"客户：{did}",
        f"      〔{understood}｜{said.report['mode']}{ticket}〕",
        *(f"  小房：{line}" for line in said.lines()),
    ]


@pytest.mark.e2e
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_scripted_customer_is_served_as_written(path: Path, stack: Stack):
    dialogue = Dialogue.load(path)
    if dialogue.loan is not None:
        dialogue.loan.put(stack.settings)
    customer = Customer(stack)
    transcript = [f"《{dialogue.name}》"]
    for number, step in enumerate(dialogue.steps, 1):
        try:
            said = customer.take(step)
        except AssertionError as exc:
            pytest.fail("\n".join([*transcript, f"第{number}步：{exc}"]), pytrace=False)
        transcript += transcript_of(step, said)
        found = list(faults(step, said))
        if found:
            pytest.fail(
                "\n".join([*transcript, *(f"第{number}步：{fault}" for fault in found)]), pytrace=False
            )


def test_the_folder_holds_dialogues_with_names_of_their_own():
    names = [Dialogue.load(path).name for path in FILES]
    assert len(names) >= 30
    assert len(set(names)) == len(names)


@pytest.mark.parametrize(
    "wrong",
    [
        {"customer": "你好", "bot": {"say": ["您好"]}},
        {"customer": "你好", "bot": {}},
        {"customer": "你好", "press": "转人工", "bot": {"silent": True}},
        {"bot": {"silent": True}},
        {"customer": "你好"},
        {"customer": "你好", "bot": {"stages": {"now": "审批"}}},
        {"customer": "你好", "bot": {"chart": True}, "check": {"kind": "equal_instalment", "principal": 1}},
    ],
)
def test_a_badly_written_step_is_refused(wrong: dict[str, Any]):
    with pytest.raises(ValidationError):
        Dialogue.model_validate({"name": "写错的", "steps": [wrong]})


def test_the_second_calculation_notices_a_wrong_figure():
    """1,200,000 at 3.5% over 360 months is 5,388.54 a month: any loan table says so."""
    check = Check(kind="equal_instalment", principal=Decimal(1_200_000), rate=Decimal("3.5"), months=360)
    right = {"每月还款": "5,388.54元", "总利息": "739,872.00元"}
    assert list(_figure_faults(check, right)) == []
    assert len(list(_figure_faults(check, {**right, "每月还款": "5,388.52元"}))) == 1
    assert len(list(_figure_faults(check, {**right, "总利息": "739,882.00元"}))) == 1
    assert len(list(_figure_faults(check, {}))) == 2


def test_the_second_calculation_of_a_plan_notices_a_wrong_figure():
    """Half of 20,000 a month repays 2,226,949 at 3.5% over 360 months."""
    check = PlanCheck(kind="affordability", income=Decimal(20_000), rate=Decimal("3.5"))
    right = {"最多能贷": "2,226,949.00元", "每月最多还": "10,000.00元"}
    assert list(_figure_faults(check, right)) == []
    assert len(list(_figure_faults(check, {**right, "最多能贷": "2,226,952.00元"}))) == 1
    assert len(list(_figure_faults(check, {"每月最多还": "没有"}))) == 2
