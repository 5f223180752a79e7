"""Somebody who cannot pay as agreed: what would fit, what it costs, what to prepare, and a person who knows all that."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from actions.calculations.guidance import chosen, pick
from actions.calculations.hardship import GRACE, Relief, grace_months
from actions.calculations.model import Case, Choice, Field, Result, Step, never, payload
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import Plan
from actions.calculations.spans import months_said
from actions.calculations.subjects.extension import longest_extension, surely_allowed
from actions.turn import Turn
from bot.knowledge.formatting import money, percent
from bot.lending import Event, Extension, FixedPayments, InterestOnly, Loan, Method, MethodChange
from bot.messages import Card, Chart, Row
from bot.papers import Section, SummaryPaper

NAME = "hardship_plan"
_RECOVERS = re.compile("缓|恢复|好转|找到|撑|过渡|只还")

CAUSE = pick(
    NAME,
    "cause",
    {
        "lost_job": "失业|裁员|被裁|没了?工作|丢了?工作|辞退|下岗|待业",
        "less_income": "降薪|减薪|工资(?:少|降|低|发不)|收入(?:少|降|减|低)|生意|停业|欠薪|停薪",
        "illness": "生病|住院|手术|看病|医药费|重病|受伤|大病",
        "family": "家里|离婚|老人|孩子|怀孕|生娃",
        "other": "其他|别的原因|不想说",
    },
    is_heard_anywhere=True,
)
LATE = pick(
    NAME,
    "late",
    {
        "not_yet": "没有?逾期|未逾期|还没|^没|都(?:正常|按时)|按时|暂时没",
        "days": r"几天|刚|\d+天|[一二三四五六七八九十]天|一两天|一周|一个?星期",
        "long": r"个月|两期|三期|好几期|很久|连续",
    },
    mentions=(
        (re.compile(r"^(?!.*[吗?？]).*(?:没有?|未|还没)逾期"), {"late": "not_yet"}),
        (re.compile(r"(?:晚|逾期|拖)了?(?:[几两三四五六七八九十]|一两|\d+)天"), {"late": "days"}),
        (
            re.compile(
                r"(?:晚|逾期|拖|断供)了?(?:[一两三四五六几\d]+个多?月|[两三四五六几]期)|(?:[两三四五六]|好几)期没还"
            ),
            {"late": "long"},
        ),
    ),
)
#: What can still be paid a month; the sum that a smaller payment would be agreed at.
AFFORDABLE = Field(
    "reduced_payment",
    "amount",
    re.compile("只能|最多|顶多|还得起|能还|拿得?出|能拿"),
    only_with_cue=True,
    asked_as="income_monthly",  # a bare 3000 is yuan of a month, not 3000万
    is_needed=lambda values: not values.raw("pays_nothing"),
    choices=lambda rules, values, say: (Choice(say(f"{NAME}.nothing_button"), {"pays_nothing": True}),),
    answers=((re.compile("^(?:拿不出|没有|一分|什么都|暂时没|还不了|说不[准好])"), {"pays_nothing": True}),),
)
PAYS_NOTHING = Field("pays_nothing", "pays_nothing", is_needed=never)


@dataclass(frozen=True)
class Way:
    """One way through: what falls due in that time, what afterwards, and what it costs in the end."""

    name: str
    title: str
    during: Decimal
    after: Decimal
    extra_interest: Decimal

    def fits(self, affordable: Decimal | None) -> bool:
        return affordable is not None and self.during <= affordable


class HardshipPlan(OwnLoan):
    """What was the matter, then every way that lowers the payment, side by side."""

    NAME = NAME
    TOPICS = (
        "extension_hardship",
        "overdue",
        "calc_payment",
        "other_mortgage",
        "prepay_process",
        "complaint",
        "affordability_eligibility",
    )
    ASKED = re.compile(
        r"(?:还不上|还不起|供不起|断供|逾期|失业|裁员|没工作|困难|压力|扛不住|撑不住|降薪).*(?:帮我(?:看看|想想|规划|出)|给我?几?个?(?:方案|办法))"
        r"|帮我(?:看看|想想)(?:该|要|能)?怎么办|困难方案"
    )
    NEEDS_NO_FIGURE = True
    FIELDS = (CAUSE, LATE, *RUNNING[:4], AFFORDABLE, GRACE, *RUNNING[4:], PAYS_NOTHING)

    def noted(self, turn: Turn, said: Mapping[str, Any]) -> Mapping[str, Any]:
        months = months_said(turn, _RECOVERS)
        if months is None:
            return said
        kept = {name: value for name, value in said.items() if name != "remaining_months" or value != months}
        return {**kept, "grace_months": months}

    def work_out(self, case: Case) -> Result:
        loan = running_loan(case)
        months = grace_months(case, loan, "interest_only.too_long")
        before, affordable = Plan(loan).payment(), _affordable(case)
        ways = _ways(case, loan, months)
        says, chart = _says(case, ways, before), _chart(case, ways, before)
        notes = (*_notes(case, loan), case.say(f"{NAME}.note.months", months=months))
        return Result(
            says,
            Card(
                case.say(f"{NAME}.title"),
                (
                    Row(case.say(f"{NAME}.row.before"), money(before)),
                    *(
                        Row(way.title, case.say(f"{NAME}.row.way", way=way), emphasis=way.fits(affordable))
                        for way in ways
                    ),
                    Row(case.say("guidance.prepare"), _to_prepare(case)),
                ),
                notes,
                chart,
            ),
            (
                Step(case.say("guidance.human_button"), "/human_agent"),
                *(
                    Step(
                        case.say(f"{NAME}.button.{name}"),
                        payload("calc_payment", {"subject": name, **settles}),
                    )
                    for name, settles in (("interest_only", {"grace_months": months}), ("extension", {}))
                ),
            ),
            caution=case.say(f"{NAME}.late.{case.values.raw('late')}"),
            summary=SummaryPaper(
                case.say(f"{NAME}.title"),
                case.today,
                says,
                (
                    Section(case.say("guidance.asked"), tuple(_facts(case, loan, before, affordable))),
                    Section(case.say("guidance.side_by_side"), table=_table(case, ways)),
                    Section(case.say("guidance.prepare"), paragraphs=(_to_prepare(case),)),
                    Section(
                        case.say("guidance.next"),
                        paragraphs=(case.say(f"{NAME}.late.{case.values.raw('late')}"),),
                    ),
                ),
                notes,
                chart,
            ),
        )


def _affordable(case: Case) -> Decimal | None:
    """What can be paid a month; None for nothing."""
    return case.values.money("reduced_payment") if "reduced_payment" in case.values else None


def _ways(case: Case, loan: Loan, months: int) -> tuple[Way, ...]:
    """Every way that lowers the next payment, the lowest first."""
    kept, affordable = Plan(loan), _affordable(case)
    events: dict[str, Event] = {"interest_only": InterestOnly(1, months)}
    if affordable is not None and kept.sums.first.interest <= affordable < kept.payment():
        events["reduced_payment"] = FixedPayments(1, months, affordable)
    longer = _longer(case)
    if longer > 0:
        events["extension"] = Extension(1, longer)
    if loan.method is Method.EQUAL_PRINCIPAL:
        events["method_change"] = MethodChange(1, Method.EQUAL_INSTALMENT)
    ways = []
    for name, event in events.items():
        relief = Relief.of(loan, event, months)
        title = case.say(f"{NAME}.way.{name}", months=months, longer=longer)
        ways.append(Way(name, title, relief.during, relief.after, relief.extra_interest))
    return tuple(sorted((way for way in ways if way.during < kept.payment()), key=lambda way: way.during))


def _longer(case: Case) -> int:
    """How many months the term may grow by, as far as is known; 0 when not at all."""
    limit, _ = longest_extension(case)
    if limit is None:
        limit = surely_allowed(case.rules, case.values.months("remaining_months"))
    return min(case.rules.fact("guidance.extension_months").whole, limit)


def _says(case: Case, ways: Sequence[Way], before: Decimal) -> str:
    """The cheapest way that the customer can bear; without one, the lowest payment there is."""
    affordable = _affordable(case)
    bearable = [way for way in ways if way.fits(affordable)]
    best = min(bearable, key=lambda way: way.extra_interest) if bearable else (ways[0] if ways else None)
    return case.say(
        f"{NAME}.says",
        before=before,
        affordable=affordable,
        is_enough=affordable is not None and affordable >= before,
        way=best,
        is_bearable=bool(bearable),
        n_bearable=len(bearable),
    )


def _chart(case: Case, ways: Sequence[Way], before: Decimal) -> Chart:
    """The payment in that time beside the one afterwards."""
    return Chart(
        "bars",
        case.say(f"{NAME}.chart.title"),
        (case.say(f"{NAME}.chart.now"), *(case.say(f"{NAME}.chart.{way.name}") for way in ways)),
        {
            case.say(f"{NAME}.chart.during"): tuple(
                f"{each:f}" for each in (before, *(w.during for w in ways))
            ),
            case.say(f"{NAME}.chart.after"): tuple(
                f"{each:f}" for each in (before, *(w.after for w in ways))
            ),
        },
    )


def _notes(case: Case, loan: Loan) -> tuple[str, ...]:
    say = case.say
    notes = [say("interest_only.note.agreement"), say(f"{NAME}.note.after")]
    if loan.method is Method.EQUAL_INSTALMENT:
        notes.append(say(f"{NAME}.note.method"))
    share, total = (
        case.rules.fact(f"extension.{key}").text for key in ("max_share_of_term", "max_total_years")
    )
    return (*notes, say("extension.note.limit", share=share, total=total))


def _to_prepare(case: Case) -> str:
    return case.say(f"{NAME}.prepare", proof=case.say(f"{NAME}.proof.{case.values.raw('cause')}"))


def _facts(case: Case, loan: Loan, before: Decimal, affordable: Decimal | None) -> Sequence[tuple[str, str]]:
    def row(key: str, value: str) -> tuple[str, str]:
        return case.say(f"{NAME}.fact.{key}"), value

    return (
        row("cause", chosen(case, NAME, "cause")),
        row("late", chosen(case, NAME, "late")),
        row("balance", money(loan.principal)),
        row("remaining", case.say("extension.span", months=loan.term_months)),
        row("rate", percent(loan.annual_rate)),
        row("before", money(before)),
        row(
            "affordable", money(affordable) if affordable is not None else case.say(f"{NAME}.nothing_button")
        ),
    )


def _table(case: Case, ways: Sequence[Way]) -> tuple[tuple[str, ...], ...]:
    titles = tuple(case.say(f"{NAME}.column.{key}") for key in ("way", "during", "after", "interest"))
    return (
        titles,
        *((way.title, money(way.during), money(way.after), money(way.extra_interest)) for way in ways),
    )
