"""Two ways to borrow side by side."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from bot.lending import wording
from bot.lending.comparison import combined_calendar, convert_to_provident_fund, yearly_cost
from bot.lending.inputs import Inputs
from bot.lending.kinds.wire import (
    Kinds,
    Result,
    difference,
    new_loan,
    paid_periods,
    plain_pct,
    rate_said,
    rounded_pct,
    running_loan,
    said,
    schedule_said,
    words,
    yuan,
)
from bot.lending.model import DueDates, Loan, Method
from bot.lending.money import exact
from bot.lending.payment import equal_instalment_payment
from bot.lending.schedule import instalments, totals

FUND_RATE = "provident_fund_rate_pct"  #: the default for the provident fund's rate


def compare_methods(inputs: Inputs) -> Result:
    """Both methods; ``ep_cheaper_from_period`` is null when no month of 等额本金 is cheaper."""
    level = new_loan(inputs, Method.EQUAL_INSTALMENT)
    by_principal = replace(level, method=Method.EQUAL_PRINCIPAL)
    level_sums, sums = totals(level), totals(by_principal)
    pairs = zip(instalments(by_principal), instalments(level), strict=False)
    cheaper_from = next((row.period for row, other in pairs if row.payment < other.payment), None)
    notes = [*schedule_said(level, level_sums.n_payments)[1:], *words("advance")]
    return {
        "level_payment": yuan(
            equal_instalment_payment(level.principal, level.annual_rate, level.term_months)
        ),
        "ep_first_payment": yuan(sums.first.payment),
        "ep_last_payment": yuan(sums.last.payment),
        "interest_difference": difference(level_sums.interest, sums.interest),
        "ep_cheaper_from_period": cheaper_from,
        "assumptions": said(inputs, *notes),
    }


def compare_terms(inputs: Inputs) -> Result:
    """One loan over two terms."""
    principal, annual_rate = inputs.principal(), inputs.annual_rate()
    loan_a = Loan(principal, annual_rate, inputs.term("term_months_a"))
    loan_b = Loan(principal, annual_rate, inputs.term("term_months_b"))
    payment_a, payment_b = (
        equal_instalment_payment(principal, annual_rate, loan.term_months) for loan in (loan_a, loan_b)
    )
    return {
        "payment_a": yuan(payment_a),
        "payment_b": yuan(payment_b),
        "payment_reduction": difference(payment_a, payment_b),
        "extra_interest": difference(totals(loan_b).interest, totals(loan_a).interest),
        "assumptions": said(inputs, *schedule_said(loan_a)),
    }


def combination(inputs: Inputs) -> Result:
    """组合贷: each loan by itself, then added (R6); compared with everything on the commercial terms."""
    fund = _part(inputs.group("provident_fund"), FUND_RATE)
    commercial = _part(inputs.group("commercial"), None)
    with exact():
        everything = replace(commercial, principal=commercial.principal + fund.principal)
        fund_sums, commercial_sums, all_sums = totals(fund), totals(commercial), totals(everything)
        first = fund_sums.first.payment + commercial_sums.first.payment
        interest = fund_sums.interest + commercial_sums.interest
    return {
        "pf_first_payment": yuan(fund_sums.first.payment),
        "commercial_first_payment": yuan(commercial_sums.first.payment),
        "total_first_payment": yuan(first),
        "total_interest": yuan(interest),
        "all_commercial_payment": yuan(all_sums.first.payment),
        "interest_saved_vs_all_commercial": difference(all_sums.interest, interest),
        "monthly_saving_vs_all_commercial": difference(all_sums.first.payment, first),
        "assumptions": said(inputs, *_combined_words(fund, commercial), *words("all_commercial")),
    }


def combination_calendar(inputs: Inputs) -> Result:
    """Both loans of a combination as one calendar of real dates."""
    groups = inputs.group("provident_fund"), inputs.group("commercial")
    fund, commercial = _part(groups[0], FUND_RATE), _part(groups[1], None)
    dates = [_dates(group) for group in groups]
    months = combined_calendar((fund, dates[0]), (commercial, dates[1]))
    return {
        "rows": [
            {
                "due_date": month.due_date.isoformat(),
                "provident_fund": yuan(month.provident_fund),
                "commercial": yuan(month.commercial),
                "payment": yuan(month.payment),
                "balance": yuan(month.balance),
            }
            for month in months
        ],
        "assumptions": said(inputs, *_combined_words(fund, commercial)),
    }


def pf_vs_commercial(inputs: Inputs) -> Result:
    """The same loan from the provident fund and from a bank."""
    principal = inputs.principal()
    fund_rate = inputs.annual_rate("pf_rate_pct", default=FUND_RATE)
    commercial_rate = inputs.annual_rate("commercial_rate_pct", default="annual_rate_pct")
    fund = Loan(principal, fund_rate, inputs.term())
    commercial = replace(fund, annual_rate=commercial_rate)
    payments = [
        equal_instalment_payment(loan.principal, loan.annual_rate, loan.term_months)
        for loan in (fund, commercial)
    ]
    return {
        "pf_payment": yuan(payments[0]),
        "commercial_payment": yuan(payments[1]),
        "monthly_saving": difference(payments[1], payments[0]),
        "total_interest_saving": difference(totals(commercial).interest, totals(fund).interest),
        "assumptions": said(inputs, *_combined_words(fund, commercial)),
    }


def annualised_cost(inputs: Inputs) -> Result:
    """What the loan costs a year with a fee paid at the start: the monthly internal rate of return times 12."""
    loan = new_loan(inputs, Method.EQUAL_INSTALMENT)
    fee = inputs.amount("upfront_fee", otherwise="0")
    if fee >= loan.principal:
        with exact():
            limit = loan.principal - Decimal("0.01")
        raise inputs.invalid("out_of_range", "upfront_fee", (Decimal(0), limit))
    return {
        "nominal_annual_cost_pct": rounded_pct(yearly_cost(loan, fee), 4),
        "assumptions": said(inputs, *schedule_said(loan), *words("yearly_cost")),
    }


def fund_conversion(inputs: Inputs) -> Result:
    """商转公: when it pays to turn a commercial loan into a provident-fund one, and what it saves."""
    loan = running_loan(inputs)
    paid, _ = paid_periods(inputs, loan)
    fund_rate = inputs.annual_rate("pf_rate_pct", default=FUND_RATE)
    most = inputs.optional_principal("max_pf_loan")
    converted = convert_to_provident_fund(
        loan, paid, fund_rate, most, inputs.amount("conversion_fee", otherwise="0")
    )
    return {
        "balance": yuan(converted.balance),
        "pf_principal": yuan(converted.fund_principal),
        "commercial_principal": yuan(converted.kept_commercial),
        "payment_before": yuan(converted.payment_before),
        "payment_after": yuan(converted.payment_after),
        "monthly_saving": difference(converted.payment_before, converted.payment_after),
        "interest_saved": yuan(converted.interest_saved),
        "net_saving": yuan(converted.net_saving),
        "months_to_recover_fee": converted.months_to_recover_fee,
        "assumptions": said(inputs, *schedule_said(loan), *words("fund_conversion")),
    }


KINDS: Kinds = {
    "compare_methods": compare_methods,
    "compare_terms": compare_terms,
    "combination": combination,
    "combination_calendar": combination_calendar,
    "pf_vs_commercial": pf_vs_commercial,
    "annualised_cost": annualised_cost,
    "fund_conversion": fund_conversion,
}


def _part(inputs: Inputs, rate: str | None) -> Loan:
    return Loan(inputs.principal(), inputs.annual_rate(default=rate), inputs.term(), inputs.method())


def _dates(inputs: Inputs) -> DueDates:
    first = inputs.day("first_due_date")
    return DueDates(first, inputs.count("repayment_day", 1, 31, otherwise=first.day))


def _combined_words(fund: Loan, commercial: Loan) -> list[str]:
    if fund.annual_rate == commercial.annual_rate:
        return [rate_said(fund.annual_rate), *words("rounding", "schedule_total")]
    rates = wording.assumption(
        "two_rates", fund=plain_pct(fund.annual_rate), commercial=plain_pct(commercial.annual_rate)
    )
    return [rates, *words("rounding", "schedule_total")]
