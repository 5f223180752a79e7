"""Payments of guidance, worked out a second time by formula: apart from the product's own arithmetic."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict

FEN = Decimal("0.01")
HALF = Decimal("0.5")  #: of the income a payment may take
FIFTH = Decimal("0.8")  #: of the income is left under stress
Figures = dict[str, tuple[Decimal, Decimal]]


class GuideCheck(BaseModel):
    """A loan and the ways to repay it; rates are per cent a year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["hardship_plan", "needs", "documents"]
    principal: Decimal
    rate: Decimal
    months: int = 360  #: left, or of the plans in the middle
    for_months: int = 0  #: of interest alone
    more_months: int = 0  #: of the extension
    longest: int = 0
    shortest: int = 0
    income: Decimal | None = None  #: a month
    fund: Decimal = Decimal(0)  #: lent by the provident fund in the plan that has it
    fund_rate: Decimal = Decimal(0)
    less: int = 0  #: per cent that the plan with a smaller loan borrows less
    rise: Decimal = HALF  #: of the rate under stress
    method: Literal["equal_instalment", "equal_principal"] = "equal_instalment"

    def figures(self) -> Figures:
        """The card's rows with the payment that each must show first, and how far off it may be."""
        with localcontext() as context:
            context.prec = 50
            match self.kind:
                case "hardship_plan":
                    return self._hardship()
                case "documents":
                    return {}
            return {title: (paid, FEN) for title, (paid, _) in self._plans().items()}

    def marked(self) -> dict[tuple[str, str], tuple[Decimal, Decimal]]:
        """Further figures of a row: its label and the words before the figure, what it must be and how far off."""
        with localcontext() as context:
            context.prec = 50
            if self.kind == "documents" and self.income is not None:
                payment = self._level(self.principal, self.rate, self.months)
                if self.income < payment / HALF:
                    return {
                        ("收入和月供", "月供 "): (payment, FEN),
                        ("收入和月供", "家庭月收入要 "): (payment / HALF, FEN * 2),
                    }
            if self.kind != "needs":
                return {}
            said = {}
            for title, (paid, risen) in self._plans().items():
                said[title, "利率涨后 "] = (risen, FEN)
                if self.income is not None:
                    said[title, "收入少后占收入"] = (paid / (self.income * FIFTH) * 100, FEN)
            return said

    def _hardship(self) -> Figures:
        whole = self.months + self.more_months
        if self.method == "equal_principal":
            now = self.principal / self.months + self._interest(self.principal, self.rate)
            longer = self.principal / whole + self._interest(self.principal, self.rate)
        else:
            now, longer = (self._level(self.principal, self.rate, n) for n in (self.months, whole))
        return {
            "现在下一期还": (now, FEN),
            f"只还利息{self.for_months}个月": (self._interest(self.principal, self.rate), FEN),
            f"展期{self.more_months}个月": (longer, FEN),
        }

    def _plans(self) -> dict[str, tuple[Decimal, Decimal]]:
        """Each plan's first payment, as things are and after the rise."""
        both = (self.rate, self.rate + self.rise)
        plans = {}
        for months in dict.fromkeys((self.longest, self.months, self.shortest)):
            now, risen = (self._level(self.principal, rate, months) for rate in both)
            plans[f"商业贷款{months // 12}年等额本息"] = (now, risen)
        falling = [self.principal / self.months + self._interest(self.principal, rate) for rate in both]
        plans[f"商业贷款{self.months // 12}年等额本金"] = (falling[0], falling[1])
        if self.less:
            smaller = self.principal * (100 - self.less) / 100
            now, risen = (self._level(smaller, rate, self.months) for rate in both)
            plans[f"商业贷款{self.months // 12}年等额本息，少贷{self.less}%"] = (now, risen)
        if self.fund:
            of_fund = [
                self._level(self.fund, rate, self.months)
                for rate in (self.fund_rate, self.fund_rate + self.rise)
            ]
            rest = [self._level(self.principal - self.fund, rate, self.months) for rate in both]
            plans[f"组合贷款{self.months // 12}年等额本息"] = (of_fund[0] + rest[0], of_fund[1] + rest[1])
        return plans

    @staticmethod
    def _interest(principal: Decimal, rate: Decimal) -> Decimal:
        return principal * rate / 1200

    @staticmethod
    def _level(principal: Decimal, rate: Decimal, months: int) -> Decimal:
        growth = (1 + rate / 1200) ** months
        return principal * rate / 1200 * growth / (growth - 1)
