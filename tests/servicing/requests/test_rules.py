"""What the bank allows, refused with its reason; figures worked out a second time by hand or by a plain loop."""

from __future__ import annotations

from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from bot.servicing.errors import NotVerified
from bot.servicing.requests import Reason, RequestKind, RequestRefused, Requests, WishIncomplete
from tests.servicing.requests.conftest import CHAT, Bank, china

K = RequestKind
FEN = Decimal("0.01")
#: 2026-11-24: 34 instalments from 2024-02-05 have fallen due, so 326 are left of 900,000 at 3.6 %.
LEFT = 326


def fen(amount: Decimal) -> Decimal:
    return amount.quantize(FEN, ROUND_HALF_UP)


def level(balance: Decimal, months: int, monthly: Decimal = Decimal("0.003")) -> Decimal:
    growth = (1 + monthly) ** months
    return fen(balance * monthly * growth / (growth - 1))


def run_down(
    balance: Decimal, payment: Decimal, monthly: Decimal = Decimal("0.003"), most: int = 1000
) -> tuple[int, Decimal]:
    """How many instalments and how much interest until nothing is owed; instalment ``most`` clears what is left."""
    months, paid = 0, Decimal(0)
    while balance > 0 and months < most:
        interest = fen(balance * monthly)
        paid += interest
        balance -= min(balance, payment - interest)
        months += 1
    return months, paid


async def refused(requests: Requests, kind: RequestKind, wish: dict[str, Any]) -> RequestRefused:
    with pytest.raises(RequestRefused) as caught:
        await requests.prepare(CHAT, kind, wish)
    return caught.value


async def test_nobody_who_is_not_verified_gets_a_draft(requests: Requests, bank: Bank) -> None:
    await bank.loan()
    with pytest.raises(NotVerified):
        await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})


async def test_the_changed_period_bears_interest_by_its_days(requests: Requests, customer: int) -> None:
    """From 2026-11-05 to 2026-12-20 are 45 days: 900,000 × 3.6 % × 45 / 360 = 4,050.00."""
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    assert draft.figures["next_due"] == "2026-12-20"
    assert (draft.figures["days"], draft.figures["period_interest"]) == ("45", "4050.00")
    assert (draft.figures["usual_interest"], draft.figures["difference"]) == ("2700.00", "1350.00")
    assert draft.promised_at == china(2026, 11, 25).replace(hour=23, minute=59)


@pytest.mark.parametrize("day", [0, 29, 31])
async def test_a_day_outside_the_month_every_month_has_is_refused(
    requests: Requests, customer: int, day: int
) -> None:
    found = await refused(requests, K.DAY_CHANGE, {"new_day": day})
    assert (found.reason, found.field) == (Reason.DAY_NOT_ALLOWED, "new_day")
    assert (found.values["low"], found.values["high"]) == (1, 28)


@pytest.mark.parametrize("day", [1, 28])
async def test_the_first_and_the_twenty_eighth_are_allowed(
    requests: Requests, customer: int, day: int
) -> None:
    assert (await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": day})).wish == {"new_day": day}


async def test_the_same_day_is_no_change(requests: Requests, customer: int) -> None:
    assert (await refused(requests, K.DAY_CHANGE, {"new_day": 5})).reason is Reason.SAME_DAY


async def test_the_third_change_of_a_year_waits_for_the_next(
    requests: Requests, bank: Bank, customer: int
) -> None:
    """Withdrawn and refused ones and those of last year do not count; submitted and done ones do."""
    await bank.past(customer, "day_change", "done", china(2026, 2, 1, number=1))
    await bank.past(customer, "day_change", "withdrawn", china(2026, 3, 1, number=2))
    await bank.past(customer, "day_change", "refused", china(2026, 4, 1, number=3))
    await bank.past(customer, "day_change", "done", china(2025, 12, 31, number=4))
    draft = await requests.prepare(CHAT, K.DAY_CHANGE, {"new_day": 20})
    assert draft.figures["changes_left"] == "0"
    await bank.past(customer, "day_change", "done", china(2026, 5, 1, number=5))
    found = await refused(requests, K.DAY_CHANGE, {})
    assert (found.reason, found.values["times"]) == (Reason.CHANGES_USED_UP, 2)
    assert found.values["again_on"] == date(2027, 1, 1)


async def test_the_other_method_is_computed_over_the_months_left(requests: Requests, customer: int) -> None:
    draft = await requests.prepare(CHAT, K.METHOD_CHANGE, {})
    payment = level(Decimal(900_000), LEFT)
    share = fen(Decimal(900_000) / LEFT)
    assert draft.wish == {"new_method": "equal_principal"}
    assert draft.figures["payment_before"] == str(payment)
    assert draft.figures["payment_after"] == str(share + 2700)
    assert abs(Decimal(draft.figures["interest_before"]) - (payment * LEFT - 900_000)) < 5
    assert (
        abs(Decimal(draft.figures["interest_after"]) - Decimal(900_000) * Decimal("0.003") * (LEFT + 1) / 2)
        < 5
    )
    assert draft.promised_at == china(2026, 11, 25, 12)


async def test_the_method_that_a_loan_has_is_refused(requests: Requests, customer: int) -> None:
    found = await refused(requests, K.METHOD_CHANGE, {"new_method": "equal_instalment"})
    assert (found.reason, found.values["other"]) == (Reason.SAME_METHOD, "equal_principal")


async def test_a_part_repaid_early_is_worked_out_both_ways(requests: Requests, customer: int) -> None:
    """With the instalment of 2026-12-05, 200,000: the same payment for fewer months, or less a month."""
    draft = await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "200000"})
    payment = level(Decimal(900_000), LEFT)
    after_one = Decimal(900_000) - (payment - 2700)
    left = after_one - 200_000
    kept_months, kept_interest = run_down(after_one, payment, most=LEFT - 1)
    short_months, short_interest = run_down(left, payment)
    lower = level(left, LEFT - 1)
    _, lower_interest = run_down(left, lower, most=LEFT - 1)
    assert draft.figures["on"] == "2026-12-05"
    assert draft.figures["balance_after"] == str(left)
    assert draft.figures["payment_lower"] == str(lower)
    assert int(draft.figures["periods_saved"]) == kept_months - short_months
    assert abs(Decimal(draft.figures["saved_shorter"]) - (kept_interest - short_interest)) < 1
    assert abs(Decimal(draft.figures["saved_lower"]) - (kept_interest - lower_interest)) < 5
    assert (draft.figures["penalty"], draft.figures["to_pay"]) == ("0.00", "200000.00")


async def test_ten_thousand_yuan_are_the_least(requests: Requests, customer: int) -> None:
    found = await refused(requests, K.PREPAYMENT, {"amount": "9999.99"})
    assert (found.reason, found.values["least"]) == (Reason.BELOW_MINIMUM, Decimal(10_000))
    assert (await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "10000"})).wish["amount"] == "10000.00"


async def test_as_much_as_is_owed_is_no_part(requests: Requests, customer: int) -> None:
    assert (await refused(requests, K.PREPAYMENT, {"amount": "900000"})).reason is Reason.NOT_PARTIAL


async def test_a_loan_younger_than_a_year_pays_a_penalty(requests: Requests, bank: Bank) -> None:
    """Paid out on 2026-01-03: on 2026-12-05 eleven whole months old, so one per cent."""
    await bank.loan(first_due=date(2026, 2, 5), paid_out_on=date(2026, 1, 3))
    await bank.verify()
    draft = await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "200000"})
    assert (draft.figures["penalty"], draft.figures["to_pay"]) == ("2000.00", "202000.00")


async def test_on_its_first_birthday_a_loan_pays_none(requests: Requests, bank: Bank) -> None:
    await bank.loan(first_due=date(2026, 1, 5), paid_out_on=date(2025, 12, 5))
    await bank.verify()
    draft = await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "200000"})
    assert draft.figures["penalty"] == "0.00"


async def test_a_fund_loan_pays_no_penalty(requests: Requests, bank: Bank) -> None:
    await bank.loan(product="provident_fund", first_due=date(2026, 2, 5), paid_out_on=date(2026, 1, 3))
    await bank.verify()
    draft = await requests.prepare(CHAT, K.PREPAYMENT, {"amount": "200000"})
    assert draft.figures["penalty"] == "0.00"


async def test_everything_at_once_wants_ten_days(requests: Requests, customer: int) -> None:
    found = await refused(requests, K.SETTLEMENT, {"on": "2026-12-03"})
    assert (found.reason, found.values["earliest"]) == (Reason.TOO_SOON, date(2026, 12, 4))
    assert (await requests.prepare(CHAT, K.SETTLEMENT, {"on": "2026-12-04"})).wish == {"on": "2026-12-04"}


async def test_what_ends_the_loan_has_its_days_of_interest(requests: Requests, customer: int) -> None:
    """On 2026-12-15 the instalment of the fifth is paid, and ten days have run."""
    draft = await requests.prepare(CHAT, K.SETTLEMENT, {"on": "2026-12-15"})
    balance = Decimal(900_000) - (level(Decimal(900_000), LEFT) - 2700)
    interest = fen(balance * Decimal("0.036") * 10 / 360)
    assert (draft.figures["balance"], draft.figures["days"]) == (str(balance), "10")
    assert draft.figures["accrued_interest"] == str(interest)
    assert draft.figures["payoff_total"] == str(balance + interest)


async def test_an_extension_stays_within_half_the_term_and_forty_years(
    requests: Requests, customer: int
) -> None:
    found = await refused(requests, K.EXTENSION, {"months": 121, "cause": "job_lost"})
    assert (found.reason, found.values["longest"]) == (Reason.EXTENSION_TOO_LONG, 120)
    draft = await requests.prepare(CHAT, K.EXTENSION, {"months": 120, "cause": "job_lost"})
    assert draft.figures["payment_after"] == str(level(Decimal(900_000), LEFT + 120))
    assert draft.promised_at == china(2026, 12, 22).replace(hour=23, minute=59)


async def test_relief_is_interest_alone_for_a_time(requests: Requests, customer: int) -> None:
    draft = await requests.prepare(CHAT, K.RELIEF, {"months": 12, "cause": "illness"})
    assert draft.figures["payment_during"] == "2700.00"
    assert draft.figures["payment_after"] == str(level(Decimal(900_000), LEFT - 12))
    assert (
        await refused(requests, K.RELIEF, {"months": LEFT, "cause": "illness"})
    ).reason is Reason.RELIEF_TOO_LONG


@pytest.mark.parametrize("kind", [K.DAY_CHANGE, K.METHOD_CHANGE, K.PREPAYMENT, K.SETTLEMENT])
async def test_arrears_are_paid_first(requests: Requests, bank: Bank, kind: RequestKind) -> None:
    await bank.loan(arrears_amount=Decimal("4321.00"), arrears_since=date(2026, 10, 5))
    await bank.verify()
    found = await refused(requests, kind, {})
    assert (found.reason, found.values["amount"]) == (Reason.ARREARS, Decimal("4321.00"))


async def test_arrears_do_not_shut_out_who_is_in_hardship(requests: Requests, bank: Bank) -> None:
    await bank.loan(arrears_amount=Decimal("4321.00"), arrears_since=date(2026, 10, 5))
    await bank.verify()
    assert await requests.prepare(CHAT, K.EXTENSION, {"months": 12, "cause": "job_lost"})
    assert await requests.prepare(CHAT, K.ACCOUNT_CHANGE, {"new_tail": "8888", "way": "app"})


async def test_a_settled_loan_has_only_papers_left(requests: Requests, bank: Bank) -> None:
    await bank.loan(balance=Decimal(0), state="settled")
    await bank.verify()
    for kind in RequestKind:
        if kind in (K.SETTLEMENT_CERTIFICATE, K.CONTRACT_COPY):
            assert await requests.prepare(CHAT, kind, {})
        elif kind is not K.INTEREST_STATEMENT:
            assert (await refused(requests, kind, {})).reason is Reason.SETTLED


async def test_a_loan_that_runs_has_no_settlement_certificate(requests: Requests, customer: int) -> None:
    found = await refused(requests, K.SETTLEMENT_CERTIFICATE, {})
    assert (found.reason, found.values["balance"]) == (Reason.NOT_SETTLED, Decimal(900_000))


async def test_a_new_account_is_known_by_its_end_alone(requests: Requests, customer: int) -> None:
    with pytest.raises(WishIncomplete):
        await requests.prepare(CHAT, K.ACCOUNT_CHANGE, {"new_tail": "6222021234567890123", "way": "app"})
    draft = await requests.prepare(CHAT, K.ACCOUNT_CHANGE, {"new_tail": "0123", "way": "app"})
    assert draft.figures == {"old_tail": "4321", "still_from_old": "2026-12-05"}


async def test_a_branch_is_visited_on_a_working_day(requests: Requests, customer: int) -> None:
    wish = {"new_tail": "0123", "way": "branch", "visit_on": "2026-11-28"}  # a Saturday
    found = await refused(requests, K.ACCOUNT_CHANGE, wish)
    assert (found.reason, found.values["following"]) == (Reason.NOT_A_WORKING_DAY, date(2026, 11, 30))
    assert await requests.prepare(CHAT, K.ACCOUNT_CHANGE, {**wish, "visit_on": "2026-11-30"})


async def test_a_statement_needs_every_instalment_of_its_year(requests: Requests, bank: Bank) -> None:
    """Due on the fifth from 2026-09 on: three instalments until 2026-11-24."""
    loan = await bank.loan(first_due=date(2026, 9, 5), paid_out_on=date(2026, 8, 5))
    await bank.verify()
    await bank.paid(loan, (date(2026, 9, 5), "1846.45", "3000.00"), (date(2026, 10, 5), "1852.00", "2994.46"))
    found = await refused(requests, K.INTEREST_STATEMENT, {"year": 2026})
    assert (found.reason, found.values["missing"]) == (Reason.ROWS_MISSING, 1)
    await bank.paid(loan, (date(2026, 11, 5), "1857.55", "2988.90"))
    draft = await requests.prepare(CHAT, K.INTEREST_STATEMENT, {"year": 2026})
    assert (draft.figures["times"], draft.figures["interest_paid"]) == ("3", "8983.36")
    assert draft.figures["principal_paid"] == "5556.00"
    assert (await refused(requests, K.INTEREST_STATEMENT, {"year": 2025})).reason is Reason.YEAR_AHEAD


async def test_what_holds_whatever_is_wished_for_is_told_before_anything_is_asked(
    requests: Requests, customer: int
) -> None:
    with pytest.raises(WishIncomplete) as caught:
        await requests.prepare(CHAT, K.DAY_CHANGE, {})
    assert caught.value.field == "new_day"
