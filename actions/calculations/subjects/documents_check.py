"""Which documents a customer needs, and whether those described are good enough: what is missing, by name."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from actions.calculations.fields import INCOME, PRINCIPAL
from actions.calculations.guidance import SEGMENT, SEGMENT_FIELD, chosen, is_one_of, pick
from actions.calculations.model import (
    Case,
    Choice,
    Field,
    Result,
    Say,
    Step,
    Subject,
    Values,
    never,
    payload,
)
from actions.calculations.planned import OTHER_DEBTS, PLANNED_RATE, PLANNED_TERM, rate_note, rate_pct
from actions.calculations.rules import Rules
from actions.calculations.spans import months_said
from actions.turn import Turn
from bot.knowledge.formatting import money
from bot.messages import Card, Row
from bot.papers import Section, SummaryPaper
from bot.servicing.precheck import months_missing, statement_months_needed

NAME = "documents_check"
OFFERED_MONTHS = (3, 6, 12)
#: What a customer's group says of their work already.
_WORK_OF = {"self_employed": "self_employed", "new_citizen": "freelance"}
_STATEMENT = re.compile("流水|明细|打了|^\\D{0,3}(?:半年|一年)")

WORK = pick(
    NAME,
    "work",
    {
        "salaried": "上班|单位|公司|工资|打工|公务员|老师|职工",
        "self_employed": "个体|生意|老板|开店|营业执照|做买卖",
        "freelance": "自由职业|平台|骑手|主播|零工|灵活就业",
    },
)
MARRIAGE = pick(
    NAME,
    "marriage",
    {"divorced": "离婚|离异|离了", "single": "单身|未婚|没结婚|一个人", "married": "已婚|结婚|夫妻|配偶"},
)
HOUSE = pick(NAME, "house", {"used": "二手", "new": "新房|期房|一手|开发商"})
IDENTITY = pick(
    NAME,
    "identity",
    {
        "expired": "(?<!没)(?<!没有)过期(?!不)|失效",
        "soon": "快到期|快过期|马上到",
        "valid": "有效|没过期|没有过期|长期",
    },
)
#: The last day on it, for somebody who names that instead of judging it.
IDENTITY_UNTIL = Field("identity_until", "date", re.compile("到期|有效|过期|截止"), is_needed=never)
HOUSEHOLD_BOOK = pick(
    NAME,
    "household_book",
    {"differs": "不一致|不一样|没改|没更新|对不上", "none": "没有|找不到|丢|没带", "fits": "一致|一样|齐|有"},
    is_needed=lambda values: not _is_foreign(values),
)
#: A buyer from abroad brings no household book, but papers that others must be able to read.
TRANSLATION = pick(
    NAME,
    "translation",
    {
        "all": "都(?:翻译|办|做)|办好|齐|不用翻译|都是中文",
        "some": "一部分|只翻译|没公证|有的",
        "none": "没有?翻译|还没|没有|没办",
    },
    is_needed=is_one_of(SEGMENT, "foreigner"),
)
PROOF = pick(
    NAME,
    "proof",
    {"unstamped": "没盖|没有盖|没章", "none": "没开|没有|还没", "stamped": "盖了|有章|盖好|齐"},
    is_needed=is_one_of("work", "salaried"),
)
BUSINESS = pick(
    NAME,
    "business",
    {"some": "缺|只有|一部分|不全", "none": "没有|都没", "all": "齐|都有"},
    is_needed=is_one_of("work", "self_employed"),
)
PURCHASE = pick(
    NAME,
    "purchase",
    {"contract": "只有合同|没(?:有)?(?:凭证|收据|发票)", "none": "没签|还没|都没|没有", "both": "都有|齐|有"},
)


def _is_foreign(values: Values) -> bool:
    return bool(values.raw(SEGMENT) == "foreigner")


def _month_choices(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(
        Choice(say(f"{NAME}.months_button", months=months), {"statement_months": months})
        for months in OFFERED_MONTHS
    )


STATEMENT = Field("statement_months", "term_months", re.compile("流水|明细"), choices=_month_choices)


@dataclass(frozen=True)
class Item:
    """A document, and what is wrong with it; no fault when it will do."""

    name: str
    title: str
    fault: str | None = None


class DocumentsCheck(Subject):
    """Each document as the customer describes it, held against what the bank asks for."""

    NAME = NAME
    TOPICS = (
        "materials",
        "calc_payment",
        "affordability_eligibility",
        "application_status",
        "contract_signing",
    )
    ASKED = re.compile(
        r"帮我(?:看看|看下|看一下|核对|检查|查查|对一?下|预审|过一遍).{0,8}(?:材料|资料|证件|流水)|(?:材料|资料|证件).{0,10}帮我(?:看看|核对|检查|预审|过一遍)|(?:材料|资料)预审"
    )
    NEEDS_NO_FIGURE = True
    FIELDS = (
        WORK,
        MARRIAGE,
        HOUSE,
        IDENTITY,
        IDENTITY_UNTIL,
        HOUSEHOLD_BOOK,
        TRANSLATION,
        STATEMENT,
        PROOF,
        BUSINESS,
        PURCHASE,
        INCOME,
        PRINCIPAL,
        PLANNED_TERM.but(only_with_cue=True),
        PLANNED_RATE,
        OTHER_DEBTS,
        SEGMENT_FIELD,
    )

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        """The work of somebody who said what they do."""
        work = _WORK_OF.get(str(values.raw(SEGMENT)))
        return {"work": work} if work else {}

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        until = _last_day(said.get("identity_until"))
        return said if until is None else {**said, "identity": _judged(until, rules)}

    def noted(self, turn: Turn, said: Mapping[str, Any]) -> Mapping[str, Any]:
        months = months_said(turn, _STATEMENT)
        return said if months is None else {**said, "statement_months": months}

    def work_out(self, case: Case) -> Result:
        items = tuple(_items(case))
        missing = [item for item in items if item.fault]
        says = case.say(f"{NAME}.says", missing=[item.title for item in missing])
        notes = (case.say(f"{NAME}.note.branch"), case.say(f"{NAME}.note.true"), rate_note(case))
        title = case.say(f"{NAME}.title")
        return Result(
            says,
            Card(
                title,
                tuple(
                    Row(item.title, item.fault or case.say(f"{NAME}.good"), emphasis=bool(item.fault))
                    for item in items
                ),
                notes,
            ),
            (
                Step(case.say(f"{NAME}.button.more"), "/materials"),
                Step(
                    case.say(f"{NAME}.button.income"),
                    payload("calc_payment", {"subject": "required_income"}),
                ),
                Step(case.say("guidance.human_button"), "/human_agent"),
            ),
            carries={"missing_documents": [item.name for item in missing]},
            summary=SummaryPaper(
                title,
                case.today,
                says,
                (
                    Section(
                        case.say("guidance.asked"),
                        tuple(
                            (case.say(f"{NAME}.fact.{name}"), chosen(case, NAME, name))
                            for name in ("work", "marriage", "house")
                        ),
                    ),
                    *_lists(case, items),
                ),
                notes,
            ),
        )


def _last_day(written: object) -> date | None:
    """The day that a date means at the latest: 2027-03 is good until the end of March."""
    year, month, day = (*(int(part) for part in str(written or "").split("-") if part.isdigit()), 0, 0, 0)[:3]
    if not month:
        return None
    return date(year, month, day or monthrange(year, month)[1])


def _judged(until: date, rules: Rules) -> str:
    """Whether a paper lasts as long as a loan takes to be made."""
    if until < rules.on:
        return "expired"
    months = (until.year - rules.on.year) * 12 + until.month - rules.on.month - (until.day < rules.on.day)
    return "soon" if months < rules.fact("materials.identity_months_left").whole else "valid"


def _lists(case: Case, items: Sequence[Item]) -> Iterator[Section]:
    """What is to be brought still, then what will do."""
    missing = tuple((item.title, item.fault) for item in items if item.fault)
    good = tuple(item.title for item in items if not item.fault)
    if missing:
        yield Section(case.say(f"{NAME}.missing"), facts=missing)
    if good:
        yield Section(case.say(f"{NAME}.ready"), paragraphs=(case.say(f"{NAME}.listed", items=good),))


def _items(case: Case) -> Iterator[Item]:
    raw = case.values.raw
    yield _described(case, "identity", good="valid")
    if _is_foreign(case.values):
        yield _described(case, "translation", good="all")
    else:
        yield _described(case, "household_book", good="fits")
    yield Item(f"marriage_{raw('marriage')}", case.say(f"{NAME}.item.marriage_{raw('marriage')}"))
    yield _statement(case)
    if raw("work") == "salaried":
        yield _described(case, "proof", good="stamped")
    if raw("work") == "self_employed":
        years = case.rules.fact("materials.self_employed_tax_years").text
        yield _described(case, "business", good="all", years=years)
    yield _described(case, "purchase", good="both")
    if raw("house") == "used":
        yield Item("valuation", case.say(f"{NAME}.item.valuation"), case.say(f"{NAME}.fault.valuation"))
    yield _income(case)


def _described(case: Case, name: str, *, good: str, **named: object) -> Item:
    """A document that the customer has put into words."""
    said = case.values.raw(name)
    is_passport = name == "identity" and _is_foreign(case.values)
    title = case.say(f"{NAME}.item.{'passport' if is_passport else name}")
    return Item(name, title, None if said == good else case.say(f"{NAME}.fault.{name}.{said}", **named))


def _statement(case: Case) -> Item:
    """Enough months: more of them for somebody without an employer."""
    months = case.values.months("statement_months")
    needed = statement_months_needed(
        case.rules.fact, is_self_employed=case.values.raw("work") == "self_employed"
    )
    fault = None
    if months_missing(months, needed):
        fault = case.say(f"{NAME}.fault.statement", needed=needed, months=months)
    return Item("statement", case.say(f"{NAME}.item.statement"), fault)


def _income(case: Case) -> Item:
    """The income that the papers show, against what the payment needs."""
    values = case.values
    found = case.figures(
        "required_income",
        principal=values.money("principal"),
        annual_rate_pct=rate_pct(case),
        term_months=values.months("term_months"),
        other_debt_payments=values.money("other_debts"),
    )
    needed = Decimal(found["required_income"])
    fault = None
    if values.money("income") < needed:
        fault = case.say(
            f"{NAME}.fault.income",
            payment=money(Decimal(found["monthly_payment"])),
            needed=money(needed),
            income=money(values.money("income")),
        )
    return Item("income", case.say(f"{NAME}.item.income"), fault)
