"""Demonstration customers, applications and loans: invented people whose numbers nobody else can have.

ID numbers begin with 990000 (no district has that code) and phone numbers with 100 (no mobile has that prefix).
"""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from itertools import islice

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA, Clock, china_date
from bot.lending import Loan, Method, instalments
from bot.lending.days import add_months
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.demo_records import complete
from bot.servicing.identity import id_last4_hash
from bot.servicing.model import (
    STAGES,
    START,
    ApplicationState,
    LoanKind,
    Outcome,
    Position,
    Product,
    Stage,
    StageEnd,
    id_check_digit,
    instalments_due,
)
from bot.servicing.ports import Policy
from bot.servicing.progress import Durations
from bot.servicing.store import ApplicationRow, CustomerRow, LoanRow, StageEventRow
from bot.store.engine import Sessions
from bot.store.vault import Vault

REGION = "990000"
PHONE_PREFIX = "1000000"

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN_NAMES = ("示安", "示宁", "示文", "示清", "示远", "示和", "示明", "示雅", "示博", "示佳", "示然", "示悦")
AMOUNTS = (420_000, 560_000, 680_000, 800_000, 950_000, 1_200_000, 1_500_000, 2_100_000)
TERMS = (180, 240, 300, 360, 360, 480)


@dataclass(frozen=True)
class DemoApplication:
    """One that documentation and tests name."""

    application_no: str
    id_last4: str
    product: Product
    stage: Stage
    state: ApplicationState = ApplicationState.IN_PROGRESS
    is_late: bool = False
    months_ago: int = 0  #: how long ago it was paid out; zero: a few months at most
    fund_part: int = 0  #: yuan of a combined loan that come from the fund; zero: nothing is told of them


#: The applications to try things with. The rest is drawn with the same seed each time.
KNOWN = (
    DemoApplication("FX2026110001", "123X", Product.COMMERCIAL, Stage.APPROVAL),
    DemoApplication("FX2026110002", "2016", Product.COMMERCIAL, Stage.DOCUMENT_CHECK),
    DemoApplication("FX2026110003", "3024", Product.PROVIDENT_FUND, Stage.VALUATION),
    DemoApplication("FX2026110004", "4032", Product.COMBINED, Stage.CONTRACT),
    DemoApplication(
        "FX2026100001", "5040", Product.COMMERCIAL, Stage.DISBURSEMENT, ApplicationState.DISBURSED
    ),
    DemoApplication("FX2026100002", "6058", Product.COMMERCIAL, Stage.APPROVAL, ApplicationState.REJECTED),
    DemoApplication("FX2026100003", "7066", Product.COMMERCIAL, Stage.CONTRACT, ApplicationState.WITHDRAWN),
    DemoApplication("FX2026100004", "8074", Product.COMMERCIAL, Stage.VALUATION, is_late=True),
)
#: Loans with a past, beside the applications above.
OLDER = tuple(
    DemoApplication(
        number,
        last4,
        product,
        Stage.DISBURSEMENT,
        ApplicationState.DISBURSED,
        months_ago=months,
        fund_part=fund_part,
    )
    for number, last4, product, months, fund_part in (
        ("FX2023030001", "1015", Product.COMMERCIAL, 43, 0),
        ("FX2024050001", "2023", Product.COMMERCIAL, 29, 0),
        ("FX2024100001", "3031", Product.PROVIDENT_FUND, 24, 0),
        ("FX2025020001", "404X", Product.COMMERCIAL, 20, 0),
        ("FX2021080001", "5058", Product.COMMERCIAL, 62, 0),
        ("FX2024080001", "6066", Product.COMBINED, 27, 300_000),
    )
)
OTHERS = 56  #: further applications; every seventh belongs to a customer who already has one


async def seed(
    sessions: Sessions,
    clock: Clock,
    vault: Vault,
    policy: Policy,
    *,
    anchor: date | None = None,
    number: int = 20261101,
) -> int:
    """Put in what is missing; how many applications that was. Dates lie around ``anchor`` (else today)."""
    today = anchor or china_date(clock)
    calendar = WorkingCalendar.from_policy(policy, today)
    maker = _Maker(random.Random(number), vault, calendar, Durations.of(policy, today), policy, today, clock)
    cases = maker.cases()
    async with sessions.begin() as session:
        existing = set(await session.scalars(select(ApplicationRow.application_no)))
        customers = {row.id_number_hash: row for row in await session.scalars(select(CustomerRow))}
        added = 0
        for case in cases:
            if case.application_no not in existing:
                await _add(session, case, customers)
                added += 1
        await session.flush()
        await complete(session, [case.application_no for case in cases], policy, today)
    return added


@dataclass(frozen=True)
class _Case:
    """One drawn application with all that belongs to it."""

    application_no: str
    customer: CustomerRow
    application: ApplicationRow
    events: tuple[StageEventRow, ...]
    loans: tuple[LoanRow, ...]


async def _add(session: AsyncSession, case: _Case, customers: dict[str, CustomerRow]) -> None:
    customer = customers.setdefault(case.customer.id_number_hash, case.customer)
    if customer.id is None:
        session.add(customer)
        await session.flush()
    case.application.customer_id = customer.id
    session.add(case.application)
    await session.flush()
    for event in case.events:
        event.application_id = case.application.id
        session.add(event)
    for loan in case.loans:
        loan.application_id, loan.customer_id = case.application.id, customer.id
        session.add(loan)


class _Maker:
    """Draws every case anew, in one order, so that a number always means the same person."""

    def __init__(
        self,
        chance: random.Random,
        vault: Vault,
        calendar: WorkingCalendar,
        durations: Durations,
        policy: Policy,
        today: date,
        clock: Clock,
    ) -> None:
        self._chance = chance
        self._vault = vault
        self._calendar = calendar
        self._durations = durations
        self._policy = policy
        self._today = today
        self._now = clock.now()

    def cases(self) -> list[_Case]:
        drawn = [self._case(known, self._customer(known.id_last4)) for known in KNOWN]
        people: list[CustomerRow] = []
        for number in range(OTHERS):
            returning = number % 7 == 6
            customer = self._chance.choice(people) if returning else self._customer()
            if not returning:
                people.append(customer)
            drawn.append(self._case(self._other(number), customer))
        drawn += (self._case(older, self._customer(older.id_last4)) for older in OLDER)
        return drawn

    def _other(self, number: int) -> DemoApplication:
        """Every stage in turn, with an ended application after each round of stages."""
        month = ("2026110", "2026100", "2026090")[number % 3]
        application_no = f"FX{month}{101 + number // 3:03d}"
        product = self._chance.choice((Product.COMMERCIAL, Product.COMMERCIAL, *Product))
        ended = (
            (Stage.DISBURSEMENT, ApplicationState.DISBURSED),
            (Stage.DISBURSEMENT, ApplicationState.DISBURSED),
            (Stage.APPROVAL, ApplicationState.REJECTED),
            (Stage.VALUATION, ApplicationState.WITHDRAWN),
        )
        turn, place = divmod(number, len(STAGES) + 2)
        if place < len(STAGES):
            return DemoApplication(application_no, "", product, STAGES[place])
        stage, state = ended[(2 * turn + place - len(STAGES)) % len(ended)]
        return DemoApplication(application_no, "", product, stage, state)

    def _customer(self, id_last4: str = "") -> CustomerRow:
        id_number = self._id_number(id_last4)
        phone = f"{PHONE_PREFIX}{self._chance.randrange(10_000):04d}"
        id_hash = self._vault.keyed_hash(id_number)
        return CustomerRow(
            name_encrypted=self._vault.encrypt(
                self._chance.choice(SURNAMES) + self._chance.choice(GIVEN_NAMES)
            ),
            phone_encrypted=self._vault.encrypt(phone),
            phone_hash=self._vault.keyed_hash(phone),
            id_number_encrypted=self._vault.encrypt(id_number),
            id_number_hash=id_hash,
            id_last4_hash=id_last4_hash(self._vault, id_hash, id_number[-4:]),
            created_at=self._now,
        )

    def _id_number(self, id_last4: str) -> str:
        """An ID number with a right check digit; birthdays are drawn until the wished-for end fits."""
        while True:
            born = date(1964, 1, 1) + timedelta(days=self._chance.randrange(14_000))
            serial = id_last4[:3] or f"{self._chance.randrange(1000):03d}"
            body = f"{REGION}{born:%Y%m%d}{serial}"
            number = body + id_check_digit(body)
            if number.endswith(id_last4):
                return number

    def _case(self, wanted: DemoApplication, customer: CustomerRow) -> _Case:
        submitted_on, ends = self._history(wanted)
        position = START
        for end in ends:
            position = position.after(end.stage, end.outcome)
        if position != Position(wanted.state, wanted.stage):
            raise AssertionError(f"{wanted.application_no} came to {position}")
        amount = Decimal(self._chance.choice(AMOUNTS))
        term_months = self._chance.choice(TERMS)
        application = ApplicationRow(
            application_no=wanted.application_no,
            product=wanted.product.value,
            amount=amount,
            term_months=term_months,
            state=position.state.value,
            stage=position.stage.value,
            submitted_at=_at(submitted_on, 10),
        )
        events = tuple(
            StageEventRow(stage=end.stage.value, outcome=end.outcome.value, at=end.at) for end in ends
        )
        is_paid_out = position.state is ApplicationState.DISBURSED
        parts = _parts(wanted.product, amount, Decimal(wanted.fund_part)) if is_paid_out else ()
        loans = tuple(self._loan(kind, part, term_months, ends[-1].at) for kind, part in parts)
        return _Case(wanted.application_no, customer, application, events, loans)

    def _history(self, wanted: DemoApplication) -> tuple[date, list[StageEnd]]:
        """Stage ends that lead to the wanted place, counted back from today."""
        passed = list(STAGES[: STAGES.index(wanted.stage)])
        usual = self._durations.stages[wanted.stage]
        steps = [(stage, Outcome.PASSED) for stage in passed]
        if wanted.state is ApplicationState.IN_PROGRESS:
            days = usual.high + 3 if wanted.is_late else min(2, usual.high)
        else:
            days = 20 + self._chance.randrange(60)
            last = {
                ApplicationState.DISBURSED: Outcome.PASSED,
                ApplicationState.REJECTED: Outcome.REJECTED,
                ApplicationState.WITHDRAWN: Outcome.WITHDRAWN,
            }[wanted.state]
            steps.append((wanted.stage, last))
        start = add_months(self._today, -wanted.months_ago) if wanted.months_ago else self._today
        day = self._calendar.add(start, 0 if wanted.months_ago else -days).day
        ends: list[StageEnd] = []
        for stage, outcome in reversed(steps):
            ends.insert(0, StageEnd(stage, outcome, _at(day, 15)))
            step = self._durations.stages[stage]
            day = self._calendar.add(day, -self._chance.randint(step.low, step.high)).day
        return day, ends

    def _loan(self, kind: LoanKind, amount: Decimal, term_months: int, paid_out: datetime) -> LoanRow:
        method = self._chance.choice(tuple(Method))
        repayment_day = self._chance.randint(1, 28)
        day = paid_out.astimezone(CHINA).date()
        first_due = (day.replace(day=1) + timedelta(days=32)).replace(day=repayment_day)
        today = self._today
        paid = instalments_due(first_due, repayment_day, today)
        is_fund = kind is LoanKind.PROVIDENT_FUND
        spread = self._policy.fact("pricing.first_home_spread", today)
        if is_fund:
            rate = self._policy.fact("provident_fund.first_home_over_5y", today).fraction
        else:
            rate = self._policy.fact("lpr.over_5y", today).fraction + spread.fraction
        rows = instalments(Loan(amount, rate, term_months, method))
        balance = min((row.balance for row in islice(rows, paid)), default=amount)
        return LoanRow(
            kind=kind.value,
            principal=amount,
            balance=balance,
            annual_rate=rate,
            term_months=term_months,
            method=method.value,
            rate_kind="floating",
            spread_bp=None if is_fund else spread.whole,
            repayment_day=repayment_day,
            account_tail=f"{self._chance.randrange(10_000):04d}",
            first_due=first_due,
        )


def _parts(product: Product, amount: Decimal, fund_part: Decimal) -> tuple[tuple[LoanKind, Decimal], ...]:
    """The loans that an application came to, with what each lent."""
    if product is Product.PROVIDENT_FUND:
        return ((LoanKind.PROVIDENT_FUND, amount),)
    if not fund_part:
        return ((LoanKind.COMMERCIAL, amount),)
    return ((LoanKind.COMMERCIAL, amount - fund_part), (LoanKind.PROVIDENT_FUND, fund_part))


def _at(day: date, hour: int) -> datetime:
    return datetime.combine(day, time(hour), tzinfo=CHINA)
