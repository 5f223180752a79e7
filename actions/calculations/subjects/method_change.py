"""The other repayment method for the rest of a loan that runs."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from actions.calculations.fields import METHOD, RUNNING_METHOD
from actions.calculations.model import Case, Figure, Result, Step, Values
from actions.calculations.own_loan import RUNNING, OwnLoan, running_loan
from actions.calculations.plans import Plan, wire_method, yearly_lines
from actions.calculations.rules import BOTH, Rules
from bot.knowledge.formatting import money
from bot.lending import InvalidInput, Method
from bot.lending import MethodChange as Change
from bot.messages import Card, Row


def other_method(method: str) -> str:
    other: str = next(each.value for each in Method if each.value != method)
    return other


def _other_of(name: str) -> Any:
    """The default of one of the two methods: not the other one; 等额本息 is what most loans have."""

    def default(rules: Rules, values: Values) -> str:
        taken = values.raw(name)
        if taken:
            return other_method(str(taken))
        return str((Method.EQUAL_INSTALMENT if name == "new_method" else Method.EQUAL_PRINCIPAL).value)

    return default


NEW_METHOD = METHOD.but(
    name="new_method",
    cue=re.compile("改成|改为|改|换成|换为|换|转成|转为|变成|变更为"),
    role="to",
    choices=None,
    default=_other_of("method"),
)


class MethodChanged(OwnLoan):
    """The next payment and the interest ahead under either method."""

    NAME = "method_change"
    TOPICS = ("repayment_method", "calc_payment")
    ASKED = re.compile(
        r"(?:改|换|转|变更?)(?:成|为|到|做)?等额本[金息].*(?:省|多|少|月供|利息|首月|算)|(?:还款方式|等额本[金息]).{0,4}(?:改|换|转|变更).*(?:省|多少|月供|利息|首月|算)"
    )
    FIELDS = (
        NEW_METHOD,
        *RUNNING[:4],
        RUNNING_METHOD.but(
            role="from", cue=re.compile("现在|目前|原来|当前|本来|是"), default=_other_of("new_method")
        ),
        *RUNNING[5:],
    )

    def heard(self, text: str, known: Values, said: Mapping[str, Any], rules: Rules) -> Mapping[str, Any]:
        """Both methods side by side is another matter: here one follows the other."""
        heard = {name: value for name, value in said.items() if not (name == "method" and value == BOTH)}
        if heard.get("method") == heard.get("new_method"):
            heard.pop("method", None)
        if "new_method" in heard and "method" not in heard and known.raw("method") == BOTH:
            heard["method"] = other_method(str(heard["new_method"]))
        return heard

    def work_out(self, case: Case) -> Result:
        loan, new = running_loan(case), case.values.method("new_method") or Method.EQUAL_PRINCIPAL
        if new is loan.method:
            name = case.say(f"calculation.method.{new.value}")
            raise InvalidInput("same", "new_method", case.say("method_change.same", name=name))
        found = case.figures(
            "method_change",
            principal=loan.principal,
            annual_rate_pct=case.pct(),
            term_months=loan.term_months,
            method=wire_method(loan.method),
            paid_periods=0,
            new_method=wire_method(new),
        )
        before, after = Decimal(found["payment_before"]), Decimal(found["payment_after"])
        difference = Decimal(found["interest_difference"])
        kept, changed = Plan(loan), Plan(loan, (Change(1, new),))
        names = [case.say(f"calculation.method.{each.value}") for each in (loan.method, new)]
        word = "less" if difference < 0 else "more"
        return Result(
            case.say(
                f"method_change.says.{new.value}",
                before=before,
                after=after,
                change=abs(after - before),
                is_higher=after > before,
                interest=abs(difference),
                last=changed.sums.last.payment,
            ),
            Card(
                title=case.say("method_change.title", old=names[0], new=names[1]),
                rows=(
                    Row(case.say("method_change.row.before"), money(before)),
                    Row(case.say("method_change.row.after"), money(after), emphasis=True),
                    Row(case.say("method_change.row.last"), money(changed.sums.last.payment)),
                    Row(case.say(f"method_change.row.interest_{word}"), money(abs(difference))),
                ),
                notes=(*_notes(case), *found["assumptions"]),
                chart=yearly_lines(
                    case, case.say("method_change.chart"), dict(zip(names, (kept, changed), strict=True))
                ),
            ),
            (Step(case.say("method_change.how_button"), "/repayment_method"),),
            figure=Figure(case.say("method_change.row.after"), after),
            interest=changed.sums.interest,
        )


def _notes(case: Case) -> list[str]:
    """Beside the core's: what the change takes."""
    if not case.rules.has("method_change.promised_hours"):
        return []
    hours = case.rules.fact("method_change.promised_hours").text
    return [case.say("method_change.note.handling", hours=hours)]
