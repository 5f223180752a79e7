"""The month in which the rate changes: the old rate up to the day, the new one from it on."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from actions.calculations.model import Case, Field, Figure, Result, Values
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.rules import Rules
from actions.calculations.subjects.rate_change import (
    NEW_RATE,
    REPRICING_DATE,
    SHIFT,
    derived_new_rate,
    hear_rates,
)
from bot.knowledge.formatting import money
from bot.lending import InvalidInput, position
from bot.lending.days import month_of, on_day
from bot.lending.payment import month_interest
from bot.messages import Card, Row


def next_new_year(rules: Rules, values: Values) -> str:
    """The repricing day of most contracts."""
    return date(rules.on.year + 1, 1, 1).isoformat()


OLD_DAY = Field("old_day", "day_of_month", re.compile("还款日|每月|每个月|从|原来|现在"))


class RepricingMonth(OwnLoan):
    """The interest of the instalment into which the repricing day falls."""

    NAME = "repricing_month"
    TOPICS = ("rate_change", "calc_payment")
    ASKED = re.compile("(?:重定价|调整|变)(?:的)?(?:那个?|当)月.*(?:利息|多少|算)|分段计息.*(?:算|多少)")
    FIELDS = (
        *RUNNING[:3],
        RUNNING[3],
        NEW_RATE,
        OLD_DAY,
        *RUNNING[4:],
        REPRICING_DATE.but(default=next_new_year, is_needed=lambda values: True),
        SHIFT,
    )

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        return hear_rates(text, known, said, rules)

    def derive(self, values: Values, rules: Rules) -> Mapping[str, Any]:
        return {**super().derive(values, rules), **derived_new_rate(values)}

    def work_out(self, case: Case) -> Result:
        loan, new_rate = running_loan(case), case.values.rate("new_rate")
        repricing = date.fromisoformat(str(case.values.raw("repricing_date")))
        begins, ends = _period_around(repricing, case.values.whole("old_day"))
        paid = _instalments_until(begins, case.today, case.values.whole("old_day"))
        if repricing <= case.today or paid >= loan.term_months:
            raise InvalidInput(
                "out_of_range", "repricing_date", case.say("rate_change.not_that_day", day=repricing)
            )
        balance = position(loan, paid).balance
        days_old, days_new = (repricing - begins).days, (ends - repricing).days
        found = case.figures(
            "repricing_split_interest",
            balance=balance,
            old_rate_pct=case.pct(),
            new_rate_pct=case.pct("new_rate"),
            days_old=days_old,
            days_new=days_new,
        )
        interest = Decimal(found["period_interest"])
        return Result(
            case.say(
                "repricing_month.says", ends=ends, interest=interest, days_old=days_old, days_new=days_new
            ),
            Card(
                title=case.say("repricing_month.title", day=repricing),
                rows=(
                    Row(
                        case.say("repricing_month.row.period"),
                        case.say("repricing_month.period", begins=begins, ends=ends),
                    ),
                    Row(case.say("repricing_month.row.balance"), money(balance)),
                    Row(
                        case.say("repricing_month.row.old"),
                        case.say("repricing_month.days", rate=loan.annual_rate, days=days_old),
                    ),
                    Row(
                        case.say("repricing_month.row.new"),
                        case.say("repricing_month.days", rate=new_rate, days=days_new),
                    ),
                    Row(case.say("repricing_month.row.interest"), money(interest), emphasis=True),
                    Row(
                        case.say("repricing_month.row.usual"),
                        money(month_interest(balance, loan.annual_rate)),
                    ),
                ),
                notes=(case.say("repricing_month.note.day", day=repricing), *found["assumptions"]),
            ),
            figure=Figure(case.say("repricing_month.row.interest"), interest),
        )


def _period_around(day: date, repayment_day: int) -> tuple[date, date]:
    """The due dates between which a day lies; a due date begins its period."""
    begins = on_day(month_of(day), repayment_day)
    if begins > day:
        begins = on_day(month_of(day) - 1, repayment_day)
    return begins, on_day(month_of(begins) + 1, repayment_day)


def _instalments_until(begins: date, today: date, repayment_day: int) -> int:
    """Instalments that fall due after today, up to and with the one at which the period begins."""
    if begins <= today:
        return 0
    is_due_yet = on_day(month_of(today), repayment_day) > today
    return month_of(begins) - month_of(today) + is_due_yet
