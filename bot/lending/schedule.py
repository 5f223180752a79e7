"""The schedule engine: walks a loan month by month.

What the customer pays each month follows from the rate in force and from either the level payment or the
share of principal. Both are made from a balance and the months left, so whatever changes a running loan
(`Event`) means one thing only: a new plan from that month on. The walk itself counts fen in whole numbers;
rows and sums leave it as `Decimal`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import groupby, islice, repeat
from operator import add
from typing import NamedTuple

from bot.lending.days import add_months, month_of, moved_due_date, on_day
from bot.lending.errors import DatesNeeded, EventOutOfTerm, PrepaymentTooLarge, TermOutOfRange
from bot.lending.model import (
    MAX_TERM_MONTHS,
    DayChange,
    DueDates,
    Event,
    Extension,
    FixedPayments,
    Instalment,
    InterestOnly,
    Loan,
    Method,
    MethodChange,
    Prepayment,
    PrepaymentOption,
    RateChange,
    Schedule,
    Totals,
    YearSums,
)
from bot.lending.money import FEN, NOTHING, exact, from_fen, in_fen
from bot.lending.payment import equal_instalment_payment, equal_principal_share

NO_EVENTS: tuple[Event, ...] = ()


#: An instalment in fen: period, principal, interest, balance, prepaid. A bare tuple, since thousands are made.
_Row = tuple[int, int, int, int, int]


class _Resume(NamedTuple):
    """A time of agreed payments is over: from ``period`` on the balance is levelled."""

    period: int


class _Plan:
    """How the balance is being repaid; exactly one of ``payment`` and ``share`` is set. Amounts are in fen."""

    def __init__(self, loan: Loan) -> None:
        self.balance = in_fen(loan.principal)
        self.annual_rate = loan.annual_rate
        self.method = loan.method
        self.end = loan.term_months  #: the last instalment
        self.is_held = False  #: interest only, or agreed payments: no change levels it anew
        self.payment: int | None = None
        self.share: int = 0
        self.level(1)

    def level(self, period: int) -> None:
        """Spread the balance over the instalments from ``period`` to the end."""
        months = self.end - period + 1
        match self.method:
            case Method.EQUAL_INSTALMENT:
                payment = equal_instalment_payment(from_fen(self.balance), self.annual_rate, months)
                self.payment, self.share = in_fen(payment), 0
            case Method.EQUAL_PRINCIPAL:
                self.payment = None
                self.share = in_fen(equal_principal_share(from_fen(self.balance), months))

    def apply(self, event: Event | _Resume) -> None:
        match event:
            case _Resume(period):
                self.is_held = False
                self.level(period)
            case RateChange(period, annual_rate):
                self.annual_rate = annual_rate
                if self.method is Method.EQUAL_INSTALMENT and not self.is_held:
                    self.level(period)
            case Extension(period, months):
                self.end += months
                if self.end > MAX_TERM_MONTHS:
                    raise TermOutOfRange(self.end)
                if not self.is_held:
                    self.level(period)
            case MethodChange(period, method):
                self.method = method
                if not self.is_held:
                    self.level(period)
            case InterestOnly():
                self.is_held, self.payment, self.share = True, None, 0
            case FixedPayments(_, _, payment):
                self.is_held, self.payment, self.share = True, in_fen(payment), 0
            case DayChange():
                pass  # dates only; see `_days_of_odd_periods`
            case Prepayment(after_period, amount, option):
                self._prepay(after_period, amount, option)

    def _prepay(self, after_period: int, amount: Decimal, option: PrepaymentOption) -> None:
        prepaid = in_fen(amount)
        if prepaid > self.balance:
            raise PrepaymentTooLarge(amount, from_fen(self.balance))
        self.balance -= prepaid
        if self.is_held or not self.balance:
            return
        match option:
            case PrepaymentOption.KEEP_PAYMENT:
                self.end = min(self.end, after_period + self._months_at_this_pace())
            case PrepaymentOption.RELEVEL_SHORTER:
                self.end = min(self.end, after_period + self._nearest_months())
                self.level(after_period + 1)
            case PrepaymentOption.LOWER_PAYMENT:
                self.level(after_period + 1)

    def _months_at_this_pace(self) -> int:
        """How many instalments as they are now clear the balance; the last one may be smaller."""
        if self.payment is None:
            return -(-self.balance // self.share) if self.share else MAX_TERM_MONTHS
        months, balance = 0, self.balance
        part, half, whole = interest_rule(self.annual_rate)
        while balance > 0 and months < MAX_TERM_MONTHS:
            balance -= self.payment - (balance * part + half) // whole
            months += 1
        return months

    def _nearest_months(self) -> int:
        """The term, rounded to a whole month, in which the present payment would clear the balance.

        ``n = −ln(1 − B·i / payment) / ln(1 + i)``, or ``B / payment`` without interest.
        """
        with exact():
            balance = Decimal(self.balance)
            if self.payment is None:
                months = balance / self.share if self.share else Decimal(self.end)
            elif not self.annual_rate:
                months = balance / self.payment if self.payment else Decimal(self.end)
            else:
                i = self.annual_rate / 12
                left = 1 - balance * i / self.payment if self.payment else Decimal(0)
                months = -left.ln() / (1 + i).ln() if left > 0 else Decimal(self.end)
            return max(1, int(months.to_integral_value(ROUND_HALF_UP)))


def interest_rule(annual_rate: Decimal, days: int = 1, year: int = 12) -> tuple[int, int, int]:
    """Three whole numbers with which ``(balance · part + half) // whole`` is the interest on a balance in fen.

    A month is one twelfth of a year unless ``days`` and the ``year`` they belong to are given.
    Multiplied first and divided last, in whole numbers, rounded half up: an exact half fen is never missed,
    and where ``whole`` is odd there is none.
    """
    numerator, denominator = annual_rate.as_integer_ratio()
    whole = denominator * year
    return numerator * days, whole // 2, whole


def _walk(loan: Loan, events: Sequence[Event], due: DueDates | None) -> Iterator[_Row]:
    """The instalments in fen."""
    odd_days = _days_of_odd_periods(loan, events, due)
    if events or odd_days:
        return _eventful_walk(loan, events, due, odd_days)
    return _plain_walk(_Plan(loan))


def _plain_walk(plan: _Plan) -> Iterator[_Row]:
    """Nothing happens on the way: what most questions are about, so it looks nothing up."""
    part, half, whole = interest_rule(plan.annual_rate)
    payment, share, end, balance = plan.payment, plan.share, plan.end, plan.balance
    for period in range(1, end + 1):
        interest = (balance * part + half) // whole
        principal = share if payment is None else payment - interest
        if principal > balance or period == end:
            principal = balance
        balance -= principal
        yield period, principal, interest, balance, 0
        if not balance:
            return


def _eventful_walk(
    loan: Loan, events: Sequence[Event], due: DueDates | None, odd_days: Mapping[int, int]
) -> Iterator[_Row]:
    """The same with whatever happens before, with or after an instalment."""
    plan = _Plan(loan)
    starting, following = _by_period(loan, events)
    for event in following.pop(0, ()):
        plan.apply(event)
    part, half, whole = interest_rule(plan.annual_rate)
    payment, share, end = plan.payment, plan.share, plan.end
    period, balance = 0, plan.balance
    while balance and period < end:
        period += 1
        if period in starting:
            for change in starting[period]:
                plan.apply(change)
            part, half, whole = interest_rule(plan.annual_rate)
            payment, share, end = plan.payment, plan.share, plan.end
        interest = (balance * part + half) // whole
        principal = share if payment is None else payment - interest
        if principal > balance or period == end:
            principal = balance
        if period in odd_days and due is not None:
            a, b, c = interest_rule(plan.annual_rate, odd_days[period], int(due.basis))
            interest = (balance * a + b) // c
        balance -= principal
        prepaid = 0
        plan.balance = balance
        if period in following:
            for event in following.pop(period):
                plan.apply(event)
            prepaid, balance = balance - plan.balance, plan.balance
            payment, share, end = plan.payment, plan.share, plan.end
        yield period, principal, interest, balance, prepaid
    for late in following.values():
        for event in late:
            plan.apply(event)  # nothing is owed any more: refused


_ORDER = (_Resume, RateChange, Extension, MethodChange, DayChange, InterestOnly, FixedPayments)


def _by_period(
    loan: Loan, events: Sequence[Event]
) -> tuple[dict[int, list[Event | _Resume]], dict[int, list[Prepayment]]]:
    """What happens before an instalment, and what is prepaid with it."""
    longest = loan.term_months + sum(event.months for event in events if isinstance(event, Extension))
    starting: dict[int, list[Event | _Resume]] = defaultdict(list)
    following: dict[int, list[Prepayment]] = defaultdict(list)
    for event in events:
        if isinstance(event, Prepayment):
            if not 0 <= event.after_period < longest:
                raise EventOutOfTerm(event.after_period, longest)
            following[event.after_period].append(event)
            continue
        if not 1 <= event.period <= longest:
            raise EventOutOfTerm(event.period, longest)
        starting[event.period].append(event)
        if isinstance(event, InterestOnly | FixedPayments):
            resumed = event.period + event.months
            if event.months < 1 or resumed > longest:
                raise EventOutOfTerm(resumed, longest)
            starting[resumed].append(_Resume(resumed))
    for changes in starting.values():
        changes.sort(key=lambda change: _ORDER.index(type(change)))
    return dict(starting), dict(sorted(following.items()))


def instalments(
    loan: Loan, due: DueDates | None = None, events: Sequence[Event] = NO_EVENTS
) -> Iterator[Instalment]:
    """The instalments of ``loan`` one after the other, dated when ``due`` is given.

    The last one clears the balance.
    A loan so small that rounding repays it early ends with the payment that clears it.
    """
    dates = due_dates(due, events) if due else None
    for row in _walk(loan, events, due):
        yield _instalment(row, next(dates) if dates else None)


def _instalment(row: _Row, due_date: date | None) -> Instalment:
    period, principal, interest, balance, prepaid = row
    return Instalment(
        period,
        from_fen(principal + interest),
        from_fen(principal),
        from_fen(interest),
        from_fen(balance),
        due_date,
        from_fen(prepaid) if prepaid else NOTHING,
    )


def build(loan: Loan, due: DueDates | None = None, events: Sequence[Event] = NO_EVENTS) -> Schedule:
    """The full schedule of ``loan``: the same rows as `instalments`, made column by column in half the time."""
    periods, *amounts, prepaid = zip(*_walk(loan, events, due), strict=True)
    with exact():
        principals, interests, balances = ([fen * FEN for fen in column] for column in amounts)
        columns = zip(
            periods,
            map(add, principals, interests),
            principals,
            interests,
            balances,
            due_dates(due, events) if due else repeat(None),
            [fen * FEN for fen in prepaid] if any(prepaid) else repeat(NOTHING),
            strict=False,  # due dates go on for ever
        )
        # what `Instalment._make` does, less a call in Python for every row
        return Schedule(loan, tuple(map(tuple.__new__, repeat(Instalment), columns)))


def totals(loan: Loan, events: Sequence[Event] = NO_EVENTS, due: DueDates | None = None) -> Totals:
    """What the schedule of ``loan`` adds up to, without keeping its rows."""
    walk = _walk(loan, events, due)
    first = last = next(walk)
    _, principal, interest, _, prepaid = first
    for last in walk:
        principal += last[1]
        interest += last[2]
        prepaid += last[4]
    n_payments = last[0]
    dates = tuple(islice(due_dates(due, events), n_payments)) if due else None
    return Totals(
        n_payments,
        from_fen(interest),
        from_fen(interest + principal),
        _instalment(first, dates[0] if dates else None),
        _instalment(last, dates[-1] if dates else None),
        from_fen(prepaid),
    )


class Position(NamedTuple):
    """Where a loan stands after so many payments."""

    balance: Decimal
    interest_paid: Decimal
    interest_ahead: Decimal  #: what the schedule still holds
    next_payment: Decimal  #: zero when nothing is owed
    next_principal: Decimal


def position(loan: Loan, paid_periods: int, events: Sequence[Event] = NO_EVENTS) -> Position:
    """Where ``loan`` stands after ``paid_periods`` instalments; 0 is the day it was paid out."""
    balance, paid, ahead = in_fen(loan.principal), 0, 0
    next_payment = next_principal = 0
    for period, principal, interest, left, _ in _walk(loan, events, None):
        if period <= paid_periods:
            balance = left
            paid += interest
            continue
        if period == paid_periods + 1:
            next_payment, next_principal = principal + interest, principal
        ahead += interest
    return Position(*map(from_fen, (balance, paid, ahead, next_payment, next_principal)))


def by_year(loan: Loan, events: Sequence[Event] = NO_EVENTS) -> tuple[YearSums, ...]:
    """Principal (prepayments included) and interest paid in each year of the loan."""
    return tuple(
        _year_sums(year, tuple(rows))
        for year, rows in groupby(instalments(loan, None, events), key=lambda row: (row.period - 1) // 12 + 1)
    )


def by_calendar_year(loan: Loan, due: DueDates, events: Sequence[Event] = NO_EVENTS) -> tuple[YearSums, ...]:
    """As `by_year`, for the years of the calendar: what a bank certifies for the tax office."""
    dated = ((row.due_date.year, row) for row in instalments(loan, due, events) if row.due_date)
    return tuple(
        _year_sums(year, tuple(row for _, row in rows))
        for year, rows in groupby(dated, key=lambda pair: pair[0])
    )


def _year_sums(year: int, rows: Sequence[Instalment]) -> YearSums:
    with exact():
        return YearSums(
            year,
            sum((row.principal + row.prepaid for row in rows), Decimal(0)),
            sum((row.interest for row in rows), Decimal(0)),
        )


def due_dates(due: DueDates, events: Sequence[Event] = NO_EVENTS) -> Iterator[date]:
    """When one instalment after the other falls due, changes of the day included."""
    moved = {event.period: event for event in events if isinstance(event, DayChange)}
    day, current, period = due.day, due.first_due, 1
    if 1 in moved:
        day = moved[1].day
        current = on_day(month_of(current), day)
    month = month_of(current)
    while True:
        yield current
        period += 1
        if period in moved:
            day = moved[period].day
            current = moved_due_date(current, day, moved[period].is_same_month)
            month = month_of(current)
        else:
            month += 1
            current = on_day(month, day)


def due_date(due: DueDates, period: int) -> date:
    """When instalment ``period`` falls due.

    >>> due_date(DueDates(date(2027, 1, 31), day=31), 2)
    datetime.date(2027, 2, 28)
    """
    return due.first_due if period == 1 else on_day(month_of(due.first_due) + period - 1, due.day)


def _days_of_odd_periods(loan: Loan, events: Sequence[Event], due: DueDates | None) -> dict[int, int]:
    """The periods that bear interest by their actual days, with how many they have."""
    moved = {event.period for event in events if isinstance(event, DayChange)}
    if due is None:
        if moved:
            raise DatesNeeded
        return {}
    first_is_whole = due.start is None or add_months(due.start, 1) == due.first_due
    if not moved and first_is_whole and not due.is_daily:
        return {}
    odd: dict[int, int] = {}
    before = due.start
    longest = loan.term_months + sum(event.months for event in events if isinstance(event, Extension))
    last = longest if due.is_daily else min(longest, max(moved, default=1))
    dates = due_dates(due, events)
    for period, current in zip(range(1, last + 1), dates, strict=False):
        is_odd = due.is_daily or period in moved or (period == 1 and not first_is_whole)
        if before is not None and is_odd:
            odd[period] = (current - before).days
        before = current
    return odd
