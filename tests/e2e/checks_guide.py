"""Payments of guidance, worked out a second time by formula: apart from the product's own arithmetic."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict

FEN = Decimal("0.01")
Figures = dict[str, tuple[Decimal, Decimal]]


class GuideCheck(BaseModel):
    """A loan and the ways to repay it; the rate is per cent a year."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal["hardship_plan", "needs"]
    principal: Decimal
    rate: Decimal
    months: int = 360  #: left, or of the plans in the middle
    for_months: int = 0  #: of interest alone
    more_months: int = 0  #: of the extension
    longest: int = 0
    shortest: int = 0

    def figures(self) -> Figures:
        """The card's rows with the payment that each must show first, and how far off it may be."""
        with localcontext() as context:
            context.prec = 50
            if self.kind == "hardship_plan":
                return {
                    "现在下一期还": (self._level(self.months), FEN),
                    f"只还利息{self.for_months}个月": (self.principal * self.rate / 1200, FEN),
                    f"展期{self.more_months}个月": (self._level(self.months + self.more_months), FEN),
                }
            level = {months: self._level(months) for months in (self.longest, self.months, self.shortest)}
            first = self.principal / self.months + self.principal * self.rate / 1200
            return {
                **{f"商业贷款{months // 12}年等额本息": (paid, FEN) for months, paid in level.items()},
                f"商业贷款{self.months // 12}年等额本金": (first, FEN),
            }

    def _level(self, months: int) -> Decimal:
        growth = (1 + self.rate / 1200) ** months
        return self.principal * self.rate / 1200 * growth / (growth - 1)
