"""Puts a calculated payment on a card: figures, a yearly chart, and the assumptions in small print."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from actions.payment_terms import SHORT_TERM_MONTHS, PaymentRules, PaymentTerms
from bot.knowledge.formatting import money
from bot.lending import Loan, Method, Totals, YearSums, by_year, totals
from bot.messages import Card, Chart, Row

Say = Callable[..., str]


@dataclass(frozen=True)
class Quote:
    """A loan with what its schedule adds up to."""

    loan: Loan
    sums: Totals

    @classmethod
    def of(cls, loan: Loan) -> Quote:
        return cls(loan, totals(loan))

    @property
    def first_payment(self) -> Decimal:
        return self.sums.first.payment


def payment_card(terms: PaymentTerms, rules: PaymentRules, say: Say) -> Card:
    """One method in full, or both side by side."""
    quotes = [Quote.of(loan) for loan in terms.loans]
    rows = _rows(quotes[0], say) if len(quotes) == 1 else _comparison(quotes, say)
    return Card(
        title=say("payment.title", principal=terms.principal, term=terms.term_months),
        rows=tuple(rows),
        notes=_notes(terms, quotes, rules, say),
        chart=_chart(quotes, say),
    )


def _rows(quote: Quote, say: Say) -> list[Row]:
    sums = quote.sums
    rows = [Row(say("payment.row.method"), say(f"payment.method.{quote.loan.method.value}"))]
    match quote.loan.method:
        case Method.EQUAL_INSTALMENT:
            rows.append(Row(say("payment.row.monthly"), money(sums.first.payment), emphasis=True))
        case Method.EQUAL_PRINCIPAL:
            rows += [
                Row(say("payment.row.first"), money(sums.first.payment), emphasis=True),
                Row(say("payment.row.last"), money(sums.last.payment)),
            ]
    return [
        *rows,
        Row(say("payment.row.interest"), money(sums.interest)),
        Row(say("payment.row.total"), money(sums.payment)),
    ]


def _comparison(quotes: Sequence[Quote], say: Say) -> list[Row]:
    level, falling = quotes
    return [
        Row(say("payment.row.level_monthly"), money(level.sums.first.payment), emphasis=True),
        Row(
            say("payment.row.falling_monthly"),
            say(
                "payment.first_to_last",
                first=falling.sums.first.payment,
                last=falling.sums.last.payment,
            ),
            emphasis=True,
        ),
        Row(say("payment.row.level_interest"), money(level.sums.interest)),
        Row(say("payment.row.falling_interest"), money(falling.sums.interest)),
        Row(say("payment.row.difference"), money(level.sums.interest - falling.sums.interest)),
    ]


def _notes(terms: PaymentTerms, quotes: Sequence[Quote], rules: PaymentRules, say: Say) -> tuple[str, ...]:
    notes = [say("payment.note.rate", rate=terms.annual_rate)]
    spread = rules.first_home_spread().whole
    lpr = rules.quote(terms.term_months)
    fund = rules.provident_fund_rate(terms.term_months)
    if terms.annual_rate == rules.example_rate(terms.term_months):
        notes.append(
            say(
                "payment.note.example_rate",
                lpr=lpr.fraction,
                published=lpr.verified_on,
                is_long=terms.term_months > SHORT_TERM_MONTHS,
                spread=spread,
            )
        )
    elif terms.annual_rate == fund.fraction:
        notes.append(say("payment.note.fund_rate", since=fund.effective_from))
    notes.append(say("payment.note.rounding"))
    if len(quotes) > 1:
        notes.append(say("payment.note.comparison"))
    notes.append(say("payment.note.schedule"))
    return tuple(notes)


def _chart(quotes: Sequence[Quote], say: Say) -> Chart:
    """Principal and interest of each year; for two methods, what each year costs under either."""
    years = [by_year(quote.loan) for quote in quotes]
    length = max(len(each) for each in years)
    labels = tuple(say("payment.chart.year", n=n) for n in range(1, length + 1))
    if len(quotes) == 1:
        return Chart(
            "stacked_area",
            say("payment.chart.title"),
            labels,
            {
                say("payment.chart.principal"): tuple(str(year.principal) for year in years[0]),
                say("payment.chart.interest"): tuple(str(year.interest) for year in years[0]),
            },
        )
    return Chart(
        "lines",
        say("payment.chart.comparison"),
        labels,
        {
            say(f"payment.method.{quote.loan.method.value}"): _padded(each, length)
            for quote, each in zip(quotes, years, strict=True)
        },
    )


def _padded(years: Sequence[YearSums], length: int) -> tuple[str, ...]:
    """Yearly payments; a loan that rounding ends early pays nothing in the years left."""
    paid = tuple(str(year.principal + year.interest) for year in years)
    return paid + ("0.00",) * (length - len(paid))
