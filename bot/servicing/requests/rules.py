"""What the bank allows: each rule refuses with its reason, and with what is possible instead."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.clock import CHINA
from bot.lending import Method, YearBasis
from bot.lending.limits import max_extension
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.model import LoanKind
from bot.servicing.ports import Policy
from bot.servicing.requests import figures
from bot.servicing.requests.errors import Reason, RequestRefused, WishIncomplete
from bot.servicing.requests.model import (
    COUNTED,
    Draft,
    Figures,
    LoanCase,
    RequestKind,
    RequestState,
    Wish,
    rivals_of,
)
from bot.servicing.store import RepaymentRow, ServiceRequestRow

#: What arrears stand in the way of: they are paid first. Relief and extension are for those who cannot, and another
#: account to debit, a certificate or a copy changes nothing of the schedule.
BLOCKED_BY_ARREARS = frozenset(
    {RequestKind.DAY_CHANGE, RequestKind.METHOD_CHANGE, RequestKind.PREPAYMENT, RequestKind.SETTLEMENT}
)
FOR_SETTLED_LOANS = frozenset(
    {RequestKind.SETTLEMENT_CERTIFICATE, RequestKind.INTEREST_STATEMENT, RequestKind.CONTRACT_COPY}
)
#: What of a fund loan the fund's centre decides: the bank has no rule for it, so a person asks there.
DECIDED_BY_FUND_CENTRE = frozenset(
    {RequestKind.DAY_CHANGE, RequestKind.METHOD_CHANGE, RequestKind.EXTENSION, RequestKind.RELIEF}
)
CHOSEN_WAYS = frozenset({"shorter", "lower"})
ACCOUNT_WAYS = frozenset({"app", "branch"})
CAUSES = frozenset({"income_down", "job_lost", "illness", "other"})
INSTALMENT = "instalment"
MONTHS_A_YEAR = 12


@dataclass(frozen=True)
class Bench:
    """Everything a rule looks at: the loan, its past requests and payments, the day and the bank's facts."""

    case: LoanCase
    past: Sequence[ServiceRequestRow]
    paid: Sequence[RepaymentRow]
    policy: Policy
    calendar: WorkingCalendar
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(CHINA).date()


def drafted(kind: RequestKind, wish: Wish, bench: Bench) -> Draft:
    """The request as it would be submitted. `RequestRefused`, or `WishIncomplete` when something is not said."""
    _must_be_possible(kind, bench)
    said, found = _RULES[kind](wish, bench)
    return Draft(
        kind=kind,
        application_no=bench.case.application_no,
        loan_kind=bench.case.kind,
        account_tail=bench.case.account_tail,
        wish=said,
        figures=found,
        promised_at=promised(kind, bench),
    )


def promised(kind: RequestKind, bench: Bench) -> datetime | None:
    """By when it is done, were it submitted now; None for what is made on the spot."""
    policy, today = bench.policy, bench.today
    if kind.is_made_at_once:
        return None
    if kind is RequestKind.METHOD_CHANGE:
        return bench.now + timedelta(hours=policy.fact("method_change.promised_hours", today).whole)
    if kind in (RequestKind.EXTENSION, RequestKind.RELIEF):
        weeks = int(policy.fact("extension.handling_weeks", today).high)
        return _end_of(today + timedelta(weeks=weeks))
    key = {
        RequestKind.DAY_CHANGE: "request.day_change_time",
        RequestKind.PREPAYMENT: "request.prepayment_time",
        RequestKind.SETTLEMENT: "request.prepayment_time",
        RequestKind.ACCOUNT_CHANGE: "request.account_change_time",
        RequestKind.CONTRACT_COPY: "request.contract_copy_time",
    }[kind]
    return _end_of(bench.calendar.add(today, policy.fact(key, today).whole).day)


def _end_of(day: date) -> datetime:
    """The last minute of a day in China."""
    return datetime(day.year, day.month, day.day, 23, 59, tzinfo=CHINA)


def _must_be_possible(kind: RequestKind, bench: Bench) -> None:
    """What holds whatever is wished for."""
    case = bench.case
    if case.is_settled and kind not in FOR_SETTLED_LOANS:
        raise RequestRefused(Reason.SETTLED)
    if case.kind is LoanKind.PROVIDENT_FUND and kind in DECIDED_BY_FUND_CENTRE:
        raise RequestRefused(Reason.FUND_CENTRE)
    rivals = rivals_of(kind)
    for row in bench.past:
        if RequestKind(row.kind) in rivals and RequestState(row.state).is_open:
            raise RequestRefused(
                Reason.ALREADY_OPEN,
                request_no=row.request_no,
                kind=row.kind,
                promised_at=row.promised_at,
                is_submitted=row.state == RequestState.SUBMITTED,
            )
    if case.arrears > 0 and kind in BLOCKED_BY_ARREARS:
        raise RequestRefused(Reason.ARREARS, amount=case.arrears)


def _day_change(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    policy, today, case = bench.policy, bench.today, bench.case
    times = policy.fact("repayment_day.changes_a_year", today).whole
    used = [
        row
        for row in bench.past
        if row.kind == RequestKind.DAY_CHANGE
        and RequestState(row.state) in COUNTED
        and row.created_at.astimezone(CHINA).year == today.year
    ]
    if len(used) >= times:
        raise RequestRefused(Reason.CHANGES_USED_UP, times=times, again_on=date(today.year + 1, 1, 1))
    new_day = _whole(wish, "new_day")
    allowed = policy.fact("repayment_day.allowed", today)
    if not allowed.low <= new_day <= allowed.high:
        raise RequestRefused(
            Reason.DAY_NOT_ALLOWED, "new_day", said=new_day, low=int(allowed.low), high=int(allowed.high)
        )
    if new_day == case.repayment_day:
        raise RequestRefused(Reason.SAME_DAY, "new_day", day=new_day)
    found = figures.day_change(case, today, new_day)
    return {"new_day": new_day}, {**found, "changes_left": str(times - len(used) - 1)}


def _method_change(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    case = bench.case
    other = next(each for each in Method if each is not case.method)
    said = wish.get("new_method", other.value)
    if said == case.method.value:
        raise RequestRefused(Reason.SAME_METHOD, "new_method", method=said, other=other.value)
    return {"new_method": other.value}, figures.method_change(case, bench.today, other)


def _prepayment(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    case, policy, today = bench.case, bench.policy, bench.today
    amount = _money(wish, "amount")
    least = policy.fact("prepayment.partial_min", today).number
    if amount < least:
        raise RequestRefused(Reason.BELOW_MINIMUM, "amount", said=amount, least=least)
    wished = _day(wish, "on") if wish.get("on") else today
    on = case.next_due(max(today, wished - timedelta(days=1)))
    left = figures.balance_when(case, today, on)
    if not left:
        raise RequestRefused(Reason.AFTER_THE_END, "on", on=on)
    if amount >= left:
        raise RequestRefused(Reason.NOT_PARTIAL, "amount", said=amount, balance=left)
    penalty = figures.penalty_of(case, policy, today, on)
    said: dict[str, Any] = {"amount": f"{amount:f}", "on": on.isoformat()}
    if wish.get("option") in CHOSEN_WAYS:
        said["option"] = wish["option"]
    return said, figures.prepayment(case, today, on, amount, penalty)


def _settlement(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    case, policy, today = bench.case, bench.policy, bench.today
    notice = policy.fact("prepayment.full_notice", today).whole
    earliest = today + timedelta(days=notice)
    on = _day(wish, "on")
    if on < earliest:
        raise RequestRefused(Reason.TOO_SOON, "on", said=on, notice=notice, earliest=earliest)
    if not figures.balance_when(case, today, on):
        raise RequestRefused(Reason.AFTER_THE_END, "on", on=on)
    basis = YearBasis(policy.fact("repayment.day_basis", today).whole)
    penalty = figures.penalty_of(case, policy, today, on)
    return {"on": on.isoformat()}, figures.settlement(case, today, on, penalty, basis)


def _extension(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    case, policy, today = bench.case, bench.policy, bench.today
    share = policy.fact("extension.max_share_of_term", today).fraction
    years = policy.fact("extension.max_total_years", today).whole
    longest = max_extension(case.term_months, 0, share, years * MONTHS_A_YEAR)
    if longest <= 0:
        raise RequestRefused(Reason.NO_EXTENSION, years=years)
    months = _whole(wish, "months")
    if months > longest or months < 1:
        raise RequestRefused(Reason.EXTENSION_TOO_LONG, "months", said=months, longest=longest)
    return {"months": months, "cause": _one_of(wish, "cause", CAUSES)}, figures.extension(case, today, months)


def _relief(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    case = bench.case
    left = case.running(bench.today).term_months
    months = _whole(wish, "months")
    if not 1 <= months < left:
        raise RequestRefused(Reason.RELIEF_TOO_LONG, "months", said=months, longest=left - 1)
    return {"months": months, "cause": _one_of(wish, "cause", CAUSES)}, figures.relief(
        case, bench.today, months
    )


def _account_change(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    """Only the end of the new card is taken here: the number itself is given to the bank's app or at a branch."""
    tail, way = str(wish.get("new_tail") or ""), _one_of(wish, "way", ACCOUNT_WAYS)
    if not (len(tail) == 4 and tail.isdigit()):
        raise WishIncomplete("new_tail")
    said: dict[str, Any] = {"way": way, "new_tail": tail}
    if way == "branch":
        visit = _day(wish, "visit_on")
        if visit <= bench.today or not bench.calendar.is_working_day(visit):
            following = bench.calendar.add(max(visit, bench.today), 1).day
            raise RequestRefused(Reason.NOT_A_WORKING_DAY, "visit_on", said=visit, following=following)
        said["visit_on"] = visit.isoformat()
    return said, {
        "old_tail": bench.case.account_tail,
        "still_from_old": bench.case.next_due(bench.today).isoformat(),
    }


def _settlement_certificate(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    case = bench.case
    if not case.is_settled:
        raise RequestRefused(Reason.NOT_SETTLED, balance=case.balance)
    days = [row.paid_on for row in bench.paid if row.paid_on is not None]
    settled = {"settled_on": max(days).isoformat()} if days else {}
    return {}, {"principal": f"{case.principal:f}", **settled}


def _interest_statement(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    """What was paid in a calendar year; refused where the record does not hold every instalment of it."""
    year = _whole(wish, "year")
    lines = paid_in(year, bench.paid)
    expected = due_in(year, bench.case, bench.today)
    if bench.case.is_settled and lines:
        last = max(row.due_on for row in lines)
        expected = [day for day in expected if day <= last]
    if not expected and not lines:
        raise RequestRefused(Reason.YEAR_AHEAD, "year", year=year, first=bench.case.first_due)
    known = {row.due_on for row in bench.paid if row.kind == INSTALMENT}
    missing = [day for day in expected if day not in known]
    if missing or not lines:
        raise RequestRefused(Reason.ROWS_MISSING, year=year, missing=len(missing))
    return {"year": year}, {
        "times": str(len(lines)),
        "principal_paid": f"{sum((row.principal for row in lines), Decimal(0)):f}",
        "interest_paid": f"{sum((row.interest for row in lines), Decimal(0)):f}",
        "lines": json.dumps(
            [[str(row.due_on), str(row.paid_on), f"{row.principal:f}", f"{row.interest:f}"] for row in lines]
        ),
    }


def _contract_copy(wish: Wish, bench: Bench) -> tuple[Wish, Figures]:
    return {}, {}


def paid_in(year: int, rows: Sequence[RepaymentRow]) -> list[RepaymentRow]:
    """The payments that came in during a calendar year, in order."""
    paid = [row for row in rows if row.paid_on is not None and row.paid_on.year == year]
    return sorted(paid, key=lambda row: (row.due_on, row.kind))


def due_in(year: int, case: LoanCase, today: date) -> list[date]:
    """The due dates of a calendar year up to today, by the loan's plan."""
    days, day = [], case.first_due
    for _ in range(case.term_months):
        if day > today or day.year > year:
            break
        if day.year == year:
            days.append(day)
        day = case.next_due(day)
    return days


def _whole(wish: Wish, field: str) -> int:
    try:
        return int(str(wish[field]))
    except (KeyError, ValueError) as exc:
        raise WishIncomplete(field) from exc


def _money(wish: Wish, field: str) -> Decimal:
    try:
        amount = Decimal(str(wish[field])).quantize(Decimal("0.01"))
    except (KeyError, InvalidOperation) as exc:
        raise WishIncomplete(field) from exc
    if not amount.is_finite():
        raise WishIncomplete(field)
    return amount


def _day(wish: Wish, field: str) -> date:
    try:
        return date.fromisoformat(str(wish[field]))
    except (KeyError, ValueError) as exc:
        raise WishIncomplete(field) from exc


def _one_of(wish: Wish, field: str, values: frozenset[str]) -> str:
    said = wish.get(field)
    if said not in values:
        raise WishIncomplete(field)
    return str(said)


_Rule = Callable[[Wish, Bench], tuple[Wish, Figures]]
_RULES: Mapping[RequestKind, _Rule] = {
    RequestKind.DAY_CHANGE: _day_change,
    RequestKind.METHOD_CHANGE: _method_change,
    RequestKind.PREPAYMENT: _prepayment,
    RequestKind.SETTLEMENT: _settlement,
    RequestKind.EXTENSION: _extension,
    RequestKind.RELIEF: _relief,
    RequestKind.ACCOUNT_CHANGE: _account_change,
    RequestKind.SETTLEMENT_CERTIFICATE: _settlement_certificate,
    RequestKind.INTEREST_STATEMENT: _interest_statement,
    RequestKind.CONTRACT_COPY: _contract_copy,
}
#: What a wish of each kind must say before it can be submitted; figures may be had with less.
MUST_SAY: Mapping[RequestKind, tuple[str, ...]] = {RequestKind.PREPAYMENT: ("option",)}
