"""Changes of a loan that runs, worked out a second time by formula: apart from the product's own arithmetic."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict

FEN, FIVE_YUAN = Decimal("0.01"), Decimal(5)
Figures = dict[str, tuple[Decimal, Decimal]]


class RunningLoanCheck(BaseModel):
    """What is owed over the months left, and what changes; rates are per cent a year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal[
        "rate_change",
        "rate_bands",
        "repricing_month",
        "day_change",
        "method_change",
        "extension",
        "interest_only",
        "reduced_payment",
    ]
    balance: Decimal
    rate: Decimal
    months: int = 1
    method: Literal["equal_instalment", "equal_principal"] = "equal_instalment"
    new_rate: Decimal = Decimal(0)
    paid_before: int = 0  #: instalments at the old rate before the change
    days: list[int] = []  #: of the changed period; old rate first
    more_months: int = 0
    for_months: int = 0
    payment: Decimal = Decimal(0)

    def figures(self) -> Figures:
        """The card's rows with what they must show, and how far off they may be."""
        with localcontext() as context:
            context.prec = 50
            worked_out: Figures = getattr(self, f"_{self.kind}")()
            return worked_out

    def _rate_change(self) -> Figures:
        left, months = self._balance_after(self.paid_before), self.months - self.paid_before
        after, interest_after = _first_and_interest(left, self.new_rate, months, self.method)
        before, interest_before = _first_and_interest(left, self.rate, months, self.method)
        way = "少" if after <= before else "多"
        return {
            "调整前月供": (before, FEN),
            "调整后月供": (after, FEN),
            f"每月{way}还": (abs(before - after), 2 * FEN),
            f"剩余利息{way}付": (abs(interest_before - interest_after), FIVE_YUAN),
        }

    def _rate_bands(self) -> Figures:
        """``new_rate`` is how far the rate moves either way."""
        rates = {"降到": self.rate - self.new_rate, "不变": self.rate, "涨到": self.rate + self.new_rate}
        found = {name: self._first_and_interest(rate) for name, rate in rates.items()}
        rows = {f"{name} {rates[name]:.2f}% 月供": (first, FEN) for name, (first, _) in found.items()}
        return {
            **rows,
            "降了少付利息": (found["不变"][1] - found["降到"][1], FIVE_YUAN),
            "涨了多付利息": (found["涨到"][1] - found["不变"][1], FIVE_YUAN),
        }

    def _repricing_month(self) -> Figures:
        left = self._balance_after(self.paid_before)
        old, new = self.days
        return {
            "期初剩余本金": (left, 5 * FEN),
            "当期利息": (left * (self.rate * old + self.new_rate * new) / 36000, FEN),
            "利率不变时一个月利息": (left * self.rate / 1200, FEN),
        }

    def _day_change(self) -> Figures:
        interest, usual = self.balance * self.rate * self.days[0] / 36000, self.balance * self.rate / 1200
        way = "多" if interest > usual else "少"
        return {
            "这一期利息": (interest, FEN),
            "平常一个月利息": (usual, FEN),
            f"比平常{way}": (abs(interest - usual), 2 * FEN),
        }

    def _method_change(self) -> Figures:
        """``method`` is the present one."""
        other = "equal_principal" if self.method == "equal_instalment" else "equal_instalment"
        before, interest = self._first_and_interest(self.rate)
        after, other_interest = _first_and_interest(self.balance, self.rate, self.months, other)
        way = "少" if other_interest < interest else "多"
        return {
            "现在下一期还": (before, FEN),
            "改后首期还": (after, FEN),
            f"剩余利息{way}付": (abs(interest - other_interest), FIVE_YUAN),
        }

    def _extension(self) -> Figures:
        before, interest = self._first_and_interest(self.rate)
        months = self.months + self.more_months
        after, longer_interest = _first_and_interest(self.balance, self.rate, months, self.method)
        return {
            "现在下一期还": (before, FEN),
            "展期后下一期还": (after, FEN),
            "每期先少还": (before - after, 2 * FEN),
            "剩余利息多付": (longer_interest - interest, FIVE_YUAN),
        }

    def _interest_only(self) -> Figures:
        during = self.balance * self.rate / 1200
        return self._with_relief(during, self.balance)

    def _reduced_payment(self) -> Figures:
        growth = (1 + self.rate / 1200) ** self.for_months
        left = self.balance * growth - self.payment * (growth - 1) / (self.rate / 1200)
        return self._with_relief(self.payment, left)

    def _with_relief(self, during: Decimal, left: Decimal) -> Figures:
        before, interest = self._first_and_interest(self.rate)
        after, later = _first_and_interest(left, self.rate, self.months - self.for_months, self.method)
        meanwhile = during * self.for_months - (self.balance - left)
        return {
            "现在下一期还": (before, FEN),
            "这段时间每月还": (during, FEN),
            "每月先少还": (before - during, 2 * FEN),
            "之后下一期还": (after, FEN),
            "总共多付利息": (meanwhile + later - interest, FIVE_YUAN),
        }

    def _first_and_interest(self, rate: Decimal) -> tuple[Decimal, Decimal]:
        return _first_and_interest(self.balance, rate, self.months, self.method)

    def _balance_after(self, paid: int) -> Decimal:
        if self.method == "equal_principal":
            return self.balance * (self.months - paid) / self.months
        growth = (1 + self.rate / 1200) ** paid
        payment = self._first_and_interest(self.rate)[0]
        return self.balance * growth - payment * (growth - 1) / (self.rate / 1200)


def _first_and_interest(balance: Decimal, rate: Decimal, months: int, method: str) -> tuple[Decimal, Decimal]:
    """The first payment and all interest, by the formula."""
    monthly = rate / 1200
    if method == "equal_principal":
        return balance / months + balance * monthly, balance * monthly * (months + 1) / 2
    growth = (1 + monthly) ** months
    payment = balance * monthly * growth / (growth - 1)
    return payment, payment * months - balance
