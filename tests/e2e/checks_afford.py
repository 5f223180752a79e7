"""Figures of the plans in the scripted dialogues, worked out by the formulas alone."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict

FEN, YUAN = Decimal("0.01"), Decimal(1)
HOUSING, ALL_DEBTS = Decimal("0.5"), Decimal("0.6")  #: shares of income, 金规〔2026〕5号 第十条
AGE_LIMIT, HOUSE_LIMIT, LONGEST = 70, 50, 40  #: years, of the demonstration bank

Figures = dict[str, tuple[Decimal, Decimal]]


class PlanCheck(BaseModel):
    """One planned loan; which values count depends on the kind."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["affordability", "required_income", "stress", "max_term", "down_payment"]
    income: Decimal = Decimal(0)  #: a month
    debts: Decimal = Decimal(0)  #: a month
    principal: Decimal = Decimal(0)
    rate: Decimal = Decimal("3.05")  #: percent a year
    new_rate: Decimal = Decimal("3.55")
    months: int = 360
    cut: Decimal = Decimal("0.2")  #: of the income
    age: int = 0
    house_age: int | None = None
    price: Decimal = Decimal(0)
    value: Decimal | None = None  #: what the house was appraised at
    share: Decimal = Decimal("0.15")  #: of the price
    savings: Decimal | None = None

    def figures(self) -> Figures:
        """The card's rows with what they must show, and how far off they may be."""
        work_out: dict[str, Callable[[], Figures]] = {
            "affordability": self._affordability,
            "required_income": self._required_income,
            "stress": self._stress,
            "max_term": self._max_term,
            "down_payment": self._down_payment,
        }
        with localcontext() as context:
            context.prec = 50
            return work_out[self.kind]()

    def _payment_of_one(self, rate: Decimal) -> Decimal:
        """The level payment of one yuan."""
        monthly = rate / 1200
        growth = (1 + monthly) ** self.months
        return monthly * growth / (growth - 1)

    def _most(self, income: Decimal) -> Decimal:
        return max(Decimal(0), min(income * HOUSING, income * ALL_DEBTS - self.debts))

    def _affordability(self) -> Figures:
        payment = self._most(self.income)
        return {
            "最多能贷": (payment / self._payment_of_one(self.rate), YUAN),
            "每月最多还": (payment, FEN),
        }

    def _required_income(self) -> Figures:
        payment = self.principal * self._payment_of_one(self.rate)
        income = max(payment / HOUSING, (payment + self.debts) / ALL_DEBTS if self.debts else Decimal(0))
        return {"每月还款": (payment, FEN), "家庭月收入至少": (income, 2 * FEN)}

    def _stress(self) -> Figures:
        now, risen = (self.principal * self._payment_of_one(rate) for rate in (self.rate, self.new_rate))
        less = self.income * (1 - self.cut)
        return {
            "现在": (now, FEN),
            f"利率变成{self.new_rate:.2f}%": (risen, FEN),
            f"收入少{self.cut * 100:.0f}%": (now, FEN),
            "两样一起": (risen, FEN),
            "现在每月最多能还": (self._most(self.income), FEN),
            "收入减少后每月最多能还": (self._most(less), FEN),
        }

    def _max_term(self) -> Figures:
        left = [LONGEST, AGE_LIMIT - self.age]
        if self.house_age is not None:
            left.append(HOUSE_LIMIT - self.house_age)
        return {"最长年限": (Decimal(min(left)), Decimal(0))}

    def _down_payment(self) -> Figures:
        loan = min(self.price, self.value or self.price) * (1 - self.share)
        own = self.price - loan
        figures = {"首付": (own, YUAN), "最多能贷": (loan, YUAN)}
        if self.savings is not None and self.savings < own:
            figures["还差"] = (own - self.savings, YUAN)
        return figures
