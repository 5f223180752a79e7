"""What somebody asks of the loan they have: which of its figures, and whether it is a figure at all."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from actions.base import LAST_REPLY
from actions.calculations.model import payload
from actions.loan_choice import ALL, LOAN, Said, as_said, means_all, pointed, says_nothing_else
from actions.turn import Turn

OWN_LOAN = "own_loan"  #: the slot: what was asked of the loan, and of which
ABOUT = "about"  #: the entity of our buttons, beside the loan's
TOPIC = "balance_query"
LIKELY = 3  #: topics of an uncertain message that are looked at


class Question(StrEnum):
    BALANCE = "balance"
    NEXT = "next"  #: the next payment
    PERIODS = "periods"
    RATE = "rate"
    REPRICING = "repricing"
    INTEREST = "interest"  #: paid so far
    YEAR = "year"  #: interest paid in a calendar year
    HISTORY = "history"


@dataclass(frozen=True)
class OwnLoan:
    """What is asked, of which year and of which loan; a loan that was chosen stays chosen."""

    question: Question
    year: int | None = None
    loan: Said | None = None  #: which one, as a button or words said it
    turn: str = ""  #: the message that asked

    @classmethod
    def of(cls, turn: Turn) -> OwnLoan | None:
        """What is remembered."""
        kept = turn.slots.get(OWN_LOAN)
        if not kept:
            return None
        return cls(
            Question(kept["question"]), kept.get("year"), kept.get("loan"), str(kept.get("turn") or "")
        )

    def to_slot(self) -> dict[str, Any]:
        return {"question": self.question.value, "year": self.year, "loan": self.loan, "turn": self.turn}


def question_payload(question: Question, year: int | None = None, loan: str | None = None) -> str:
    """The payload of a button that asks this."""
    values: dict[str, object] = {ABOUT: question.value}
    if year is not None:
        values["year"] = year
    if loan is not None:
        values[LOAN] = loan
    return payload(TOPIC, values)


_WHEN = "什么时候|何时|哪[一]?天|几号|几月|哪个月|多久"
_PATTERNS: tuple[tuple[Question, re.Pattern[str]], ...] = (
    (
        Question.YEAR,
        re.compile(
            r"(?:今年|去年|前年|本年|上一年|全年|一整?年|年度|20\d\d年).*利息|利息.*(?:抵税|退税|抵扣|个税|扣除).*多少"
        ),
    ),
    (
        Question.REPRICING,
        re.compile(rf"重定价|利率.*(?:{_WHEN}).*[调变降改]|(?:{_WHEN}).*[调变降改].*利率"),
    ),
    (
        Question.INTEREST,
        re.compile(r"[还付交]了?.{0,6}多少.{0,4}利息|利息.{0,8}[还付交]了?多少|已还利息|多少利息了"),
    ),
    (
        Question.HISTORY,
        re.compile(
            r"还款(?:记录|明细|流水|历史|情况|到账)|对?账单|历史.{0,4}还款|流水|明细"
            r"|[扣还](?:款|上|进去)?了?(?:成功|到账|没有?[吗?？]?$)|payment history|statement"
        ),
    ),
    (
        Question.NEXT,
        re.compile(
            r"(?:下一?个?期|下个?月|这个?月|本月|这一?期|本期|当期|每个?月|每期).*(?:[还扣]|月供)"
            rf"|(?:{_WHEN}).{{0,4}}(?:扣|还款)|还款日.{{0,3}}(?:哪|几|什么)|应还多少|next payment"
        ),
    ),
    (
        Question.PERIODS,
        re.compile(
            rf"(?:几|多少)个?(?:期|月|年)|第几期|(?:{_WHEN}|哪年|哪一年).{{0,6}}还[完清]|payments are left"
        ),
    ),
    (Question.RATE, re.compile(r"我.{0,10}利率|利率.{0,6}我")),
    (Question.BALANCE, re.compile(r"欠|余额|剩|本金|没还|还[完清]|贷款|balance|owe", re.IGNORECASE)),
)
#: Asks for the way or the reason, not for the figure.
_EXPLAINS = re.compile(
    r"怎么|如何|哪里|在哪|哪儿|咋|为什么|为啥|为何|[看查]不到|没收到|对不上|不一[样致]|什么意思|是什么|什么叫"
    r"|能不能改|可以改|改成|区别|打印|如果|假如|要是|提前|结清|where|how do|why"
)
_OWN = re.compile(r"我|本人|咱|my|I ", re.IGNORECASE)
#: Topics and the questions that their words may mean; those of the last column only with 「我」 in them.
_BY_TOPIC: dict[str, tuple[frozenset[Question], bool]] = {
    "balance_query": (frozenset(Question), False),
    "rate_change": (frozenset({Question.RATE, Question.REPRICING}), False),
    "repayment_account": (frozenset({Question.NEXT}), False),
    "fees_tax": (frozenset({Question.YEAR}), False),
    "certificate": (frozenset({Question.YEAR}), True),
    "calc_payment": (frozenset({Question.YEAR, Question.INTEREST, Question.RATE, Question.REPRICING}), True),
}
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "上一年": -1, "前年": -2}
_YEAR = re.compile(r"(20\d\d)年?|" + "|".join(_YEARS))


def own_question(turn: Turn, this_year: int) -> OwnLoan | None:
    """What the message asks of the customer's own loan; None when it asks something else."""
    pressed = turn.value(ABOUT)
    if pressed in set(Question):
        year = turn.value("year")
        return OwnLoan(Question(pressed), int(year) if year else None, turn.value(LOAN))
    return _said(turn, turn.understood.topic, this_year)


def pointed_question(turn: Turn) -> OwnLoan | None:
    """The question before, asked of the loan that a message points at: 「公积金那笔呢」, 「尾号1234的」.

    Right after the answer a bare 「公积金的呢」 will do too.
    """
    before = OwnLoan.of(turn)
    if before is None or turn.is_pressed:
        return None
    is_next = before.turn == (turn.slots.get(LAST_REPLY) or {}).get("turn")
    hint, left = pointed(turn.text, is_asked=is_next)
    if hint is None or not says_nothing_else(left):
        return None
    return replace(before, loan=as_said(hint))


def likely_question(turn: Turn, this_year: int) -> OwnLoan | None:
    """What a message that the classifier was not sure of asks of the loan, by its words."""
    topics = [turn.understood.topic, *(guess.topic for guess in turn.understood.ranking[:LIKELY])]
    if turn.active_loop is not None or not _OWN.search(turn.text):
        return None
    found = (_said(turn, topic, this_year) for topic in topics if topic != "calc_payment")
    return next((asked for asked in found if asked is not None), None)


def is_about_figures(turn: Turn) -> bool:
    """Whether the loan's own figures would serve, although the way to them was asked."""
    return turn.understood.topic == "balance_query" and not turn.value(ABOUT)


def _said(turn: Turn, topic: str, this_year: int) -> OwnLoan | None:
    text = turn.asked_text
    questions, needs_own = _BY_TOPIC.get(topic, (frozenset(), False))
    if not text or _EXPLAINS.search(text) or (needs_own and not _OWN.search(text)):
        return None
    if any(item.get("entity") in ("amount", "rate") for item in turn.entities):
        return None  # figures of their own: something is to be worked out
    for question, pattern in _PATTERNS:
        if question in questions and pattern.search(text):
            year = _year_in(text, this_year) if question is Question.YEAR else None
            return OwnLoan(question, year, _loan_in(text))
    return None


def _loan_in(text: str) -> Said | None:
    """The loan that the question names, every one of them, or none in particular."""
    hint, _ = pointed(text)
    if hint is not None:
        return as_said(hint)
    return ALL if means_all(text) else None


def _year_in(text: str, this_year: int) -> int:
    found = _YEAR.search(text)
    if found is None:
        return this_year
    return int(found.group(1)) if found.group(1) else this_year + _YEARS[found.group()]
