"""The interest of the period in which the repayment day moves."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from actions.calculations.model import Case, Choice, Field, Figure, Result, Say, Step, Values, never, payload
from actions.calculations.own_loan import RUNNING, OwnLoan
from actions.calculations.rules import Refusal, Rules
from bot.knowledge.formatting import money
from bot.lending import InvalidInput
from bot.lending.days import last_due_before_move, month_of, on_day
from bot.lending.payment import month_interest
from bot.messages import Card, Row

NEXT_MONTH, SAME_MONTH = "next_month", "same_month"
USUAL_DAYS = (10, 15, 20)
_TO = re.compile(
    r"(?:改|换|调|变|挪|推迟|提前|延)(?:成|到|为|至)?\s*(?:每个?月)?(?:的)?\s*(?P<day>\d{1,2})\s*(?:号|日)"
)


def allowed_day(rules: Rules, day: Any) -> Refusal | None:
    """Not every day of the month can be a repayment day."""
    if not rules.has("repayment_day.allowed"):
        return None
    allowed = rules.fact("repayment_day.allowed")
    if allowed.low <= int(day) <= allowed.high:
        return None
    return Refusal(
        "day_change.refused.new_day", {"said": Decimal(day), "low": allowed.low, "high": allowed.high}
    )


def _days(rules: Rules, values: Values, say: Say) -> Sequence[Choice]:
    return tuple(Choice(say("day_change.day_button", day=day), {"new_day": day}) for day in USUAL_DAYS)


NEW_DAY = Field(
    "new_day",
    "day_of_month",
    re.compile("改成|改到|改为|改|换到|换成|调到|调成|推迟到|提前到|挪到|变成"),
    role="to",
    choices=_days,
    judge=allowed_day,
)
OLD_DAY = Field("old_day", "day_of_month", re.compile("现在|原来|目前|每月|每个月|从|是"), role="from")


class DayChange(OwnLoan):
    """How long the changed period is, and what it bears."""

    NAME = "day_change"
    TOPICS = ("change_repayment_date", "calc_payment", "repayment_account")
    ASKED = re.compile(
        r"(?:还款日|扣款日|号|日)?.*(?:改|换|调|挪|推迟|提前)[^,，。]{0,6}(?:号|日).*(?:利息|多少|多还|多付|少还|少付|算)|(?:还款日|扣款日).*(?:多还|多付|少还|利息).*多少",
        re.DOTALL,
    )
    FIELDS = (
        NEW_DAY,
        OLD_DAY,
        *RUNNING[:2],
        RUNNING[2].but(is_needed=never),
        RUNNING[3],
        RUNNING[4].but(is_needed=never, default=None),
        *RUNNING[5:],
        Field("first_new_due", "first_new_due", default=lambda rules, values: NEXT_MONTH),
    )

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        """「改到20号」 says the new day, whichever came first."""
        found = _TO.search(text)
        if found is None or int(found["day"]) == said.get("new_day"):
            return said
        kept = {name: value for name, value in said.items() if value != int(found["day"])}
        return {**kept, "new_day": int(found["day"])}

    def work_out(self, case: Case) -> Result:
        values = case.values
        old_day, new_day = values.whole("old_day"), values.whole("new_day")
        if old_day == new_day:
            raise InvalidInput("same", "new_day", case.say("day_change.same_day", day=new_day))
        last_due = last_due_before_move(case.today, old_day, new_day)
        balance, due = values.money("balance"), str(values.raw("first_new_due"))
        found = case.figures(
            "repayment_day_change",
            balance=balance,
            annual_rate_pct=case.pct(),
            last_due_date=last_due,
            old_day=old_day,
            new_day=new_day,
            first_new_due=due,
        )
        interest, usual = (
            Decimal(found["period_interest"]),
            month_interest(balance, values.rate("annual_rate")),
        )
        next_due, days = date.fromisoformat(found["next_due_date"]), int(found["days"])
        if next_due <= case.today:
            raise InvalidInput("passed", "first_new_due", case.say("day_change.passed", day=next_due))
        return Result(
            case.say(
                "day_change.says",
                next_due=next_due,
                days=days,
                interest=interest,
                difference=abs(interest - usual),
                is_more=interest > usual,
            ),
            Card(
                title=case.say("day_change.title", old=old_day, new=new_day),
                rows=(
                    Row(case.say("day_change.row.next_due"), case.say("day_change.day", day=next_due)),
                    Row(case.say("day_change.row.days"), case.say("day_change.days", days=days)),
                    Row(case.say("day_change.row.interest"), money(interest), emphasis=True),
                    Row(case.say("day_change.row.usual"), money(usual)),
                    Row(
                        case.say(f"day_change.row.{'more' if interest > usual else 'less'}"),
                        money(abs(interest - usual)),
                    ),
                ),
                notes=(*_notes(case), *found["assumptions"]),
            ),
            (
                *_other_month(case, last_due, due),
                Step(case.say("day_change.how_button"), "/change_repayment_date"),
            ),
            figure=Figure(case.say("day_change.row.interest"), interest),
        )


def _other_month(case: Case, last_due: date, due: str) -> tuple[Step, ...]:
    """The first payment in the other month, where that is still ahead."""
    other = NEXT_MONTH if due == SAME_MONTH else SAME_MONTH
    month = month_of(last_due) + (other == NEXT_MONTH)
    day = on_day(month, case.values.whole("new_day"))
    if day <= max(last_due, case.today):
        return ()
    return (
        Step(case.say("day_change.month_button", day=day), payload("adjust_last", {"first_new_due": other})),
    )


def _notes(case: Case) -> list[str]:
    notes = [case.say("day_change.note.principal")]
    if case.rules.has("repayment_day.changes_a_year"):
        times = case.rules.fact("repayment_day.changes_a_year").text
        notes.append(case.say("day_change.note.times", times=times))
    return notes
