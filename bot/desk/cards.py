"""Calculations as cards, like those that the bot sends: the service counts, whoever asks for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from bot.conversation.ports import Words
from bot.knowledge.formatting import money
from bot.lending import Loan, Method, by_year
from bot.lending.errors import UnknownKind
from bot.lending.face import calculate
from bot.lending.inputs import Default
from bot.messages import Card, Chart, Row

LEVEL, EQUAL_PRINCIPAL, PARTIAL, FULL = "level_payment", "equal_principal", "prepay_partial", "prepay_full"
METHODS = {LEVEL: Method.EQUAL_INSTALMENT, EQUAL_PRINCIPAL: Method.EQUAL_PRINCIPAL}
#: Each figure of a payment card and its label under ``payment.row``; the first is the one that was asked for.
PAYMENTS = {
    LEVEL: {"monthly_payment": "monthly", "total_interest": "interest", "total_payment": "total"},
    EQUAL_PRINCIPAL: {"first_payment": "first", "last_payment": "last", "total_interest": "interest"},
}
#: The figures of a card about repaying early; labels stand under ``desk_card.row``.
EARLY = {
    PARTIAL: (
        "balance_before",
        "balance_after",
        "new_payment",
        "remaining_periods",
        "periods_saved",
        "payment_reduction",
        "interest_saved",
        "penalty",
    ),
    FULL: ("balance", "accrued_interest", "penalty", "payoff_total", "interest_saved"),
}
COUNTS = frozenset({"remaining_periods", "periods_saved"})
STRONG = frozenset({"interest_saved", "payoff_total"})


class Cards:
    """Makes cards of the desk's four calculations."""

    def __init__(self, defaults: Callable[[], Mapping[str, Default]], words: Words) -> None:
        self._defaults = defaults  #: the policy facts of the day, for fields that are left out
        self._words = words

    @property
    def intro(self) -> str:
        """What the agent says before a card."""
        return self._words.say("desk_card.intro")

    def card(self, kind: str, inputs: Mapping[str, Any]) -> Card:
        """One calculation; ``UnknownKind`` and ``InvalidInput`` as the lending core raises them."""
        if kind not in PAYMENTS and kind not in EARLY:
            raise UnknownKind(kind, kind)
        result = calculate(kind, inputs, self._defaults())
        notes = tuple(str(note) for note in result["assumptions"])
        if kind in PAYMENTS:
            return self._payment(kind, inputs, result, notes)
        rows = [
            Row(self._words.say(f"desk_card.row.{name}"), self._told(name, result[name]), name in STRONG)
            for name in EARLY[kind]
            if Decimal(str(result[name]))
        ]
        if kind == FULL:
            return Card(self._words.say("desk_card.title.prepay_full"), tuple(rows), notes)
        option = str(inputs.get("option") or "shorten_keep_payment")
        rows.insert(
            0, Row(self._words.say("desk_card.row.option"), self._words.say(f"desk_card.option.{option}"))
        )
        title = self._words.say(
            "desk_card.title.prepay_partial", amount=Decimal(str(inputs["prepay_amount"]))
        )
        return Card(title, tuple(rows), notes)

    def _payment(
        self, kind: str, inputs: Mapping[str, Any], result: Mapping[str, Any], notes: tuple[str, ...]
    ) -> Card:
        say, method = self._words.say, METHODS[kind]
        loan = Loan(
            Decimal(str(inputs["principal"])),
            Decimal(str(inputs["annual_rate_pct"])) / 100,
            int(inputs["term_months"]),
            method,
        )
        rows = [Row(say("payment.row.method"), say(f"calculation.method.{method.value}"))]
        for place, (name, label) in enumerate(PAYMENTS[kind].items()):
            rows.append(Row(say(f"payment.row.{label}"), self._told(name, result[name]), emphasis=place == 0))
        title = say("payment.title", principal=loan.principal, term=loan.term_months)
        return Card(title, tuple(rows), notes, self._chart(loan))

    def _chart(self, loan: Loan) -> Chart:
        """Principal and interest of each year."""
        say, years = self._words.say, by_year(loan)
        return Chart(
            "stacked_area",
            say("payment.chart.title"),
            tuple(say("payment.chart.year", n=year.year) for year in years),
            {
                say("payment.chart.principal"): tuple(str(year.principal) for year in years),
                say("payment.chart.interest"): tuple(str(year.interest) for year in years),
            },
        )

    def _told(self, name: str, value: Any) -> str:
        return self._words.say("desk_card.periods", n=value) if name in COUNTS else money(Decimal(str(value)))
