"""A second calculation of what a provident fund saves, of subsidy, taxes and late interest: by formula alone."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict

Figures = dict[str, tuple[Decimal, Decimal]]  #: by row: what it must show, and how far off it may be

FEN, TWO_FEN, FIVE_YUAN, TEN_YUAN = Decimal("0.01"), Decimal("0.02"), Decimal(5), Decimal(10)
SUBSIDY_MONTHS, SUBSIDY_CAP = 60, Decimal(1_000_000)
#: Deed tax in per cent by homes: up to 140 square metres, and above.
DEED = {1: (Decimal(1), Decimal("1.5")), 2: (Decimal(1), Decimal(2)), 3: (Decimal(3), Decimal(3))}


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


def level(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    """The monthly payment of 等额本息; the rate is per cent a year."""
    monthly_rate = rate / 1200
    growth = (1 + monthly_rate) ** months
    return principal * monthly_rate * growth / (growth - 1)


def level_interest(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    return level(principal, rate, months) * months - principal


def falling_interest(principal: Decimal, rate: Decimal, months: int) -> Decimal:
    return principal * rate / 1200 * (months + 1) / 2


class Combination(Strict):
    """组合贷, and the same sum from the bank alone."""

    kind: Literal["combination"]
    fund: Decimal
    commercial: Decimal
    fund_rate: Decimal
    rate: Decimal
    months: int
    fund_months: int | None = None
    method: Literal["equal_instalment", "equal_principal"] = "equal_instalment"

    def figures(self) -> Figures:
        parts = (
            (self.fund, self.fund_rate, self.fund_months or self.months),
            (self.commercial, self.rate, self.months),
        )
        whole = (self.fund + self.commercial, self.rate, self.months)
        with localcontext() as context:
            context.prec = 50
            if self.method == "equal_principal":
                firsts = [part / months + part * rate / 1200 for part, rate, months in (*parts, whole)]
                interests = [falling_interest(*each) for each in (*parts, whole)]
                label, all_label = "首月合计", "全部商贷首月"
            else:
                firsts = [level(*each) for each in (*parts, whole)]
                interests = [level_interest(*each) for each in (*parts, whole)]
                label, all_label = "每月合计", "全部商贷每月"
            return {
                label: (firsts[0] + firsts[1], TWO_FEN),
                all_label: (firsts[2], FEN),
                "总利息": (interests[0] + interests[1], FIVE_YUAN),
                "比全部商贷省利息": (interests[2] - interests[0] - interests[1], TEN_YUAN),
            }


class FundVsCommercial(Strict):
    kind: Literal["fund_vs_commercial"]
    principal: Decimal
    fund_rate: Decimal
    rate: Decimal
    months: int

    def figures(self) -> Figures:
        with localcontext() as context:
            context.prec = 50
            fund = (self.principal, self.fund_rate, self.months)
            bank = (self.principal, self.rate, self.months)
            return {
                "公积金 每月还款": (level(*fund), FEN),
                "商贷 每月还款": (level(*bank), FEN),
                "公积金 总利息": (level_interest(*fund), FIVE_YUAN),
                "商贷 总利息": (level_interest(*bank), FIVE_YUAN),
                "公积金省利息": (level_interest(*bank) - level_interest(*fund), TEN_YUAN),
            }


class FundConversion(Strict):
    """商转公 of the balance, or of ``most`` of it."""

    kind: Literal["fund_conversion"]
    balance: Decimal
    rate: Decimal
    fund_rate: Decimal
    months: int
    most: Decimal | None = None
    fee: Decimal = Decimal(0)

    def figures(self) -> Figures:
        part = min(self.balance, self.most or self.balance)
        with localcontext() as context:
            context.prec = 50
            before = level_interest(part, self.rate, self.months)
            saved = before - level_interest(part, self.fund_rate, self.months)
            return {
                "转了能省": (saved - self.fee, TEN_YUAN),
                "每月还款": (level(self.balance, self.rate, self.months), FEN),
            }


class Subsidy(Strict):
    """One per cent a year on what is owed, up to a million, for at most sixty months of 等额本息."""

    kind: Literal["subsidy"]
    principal: Decimal
    rate: Decimal
    months: int

    def figures(self) -> Figures:
        with localcontext() as context:
            context.prec = 50
            payment = level(self.principal, self.rate, self.months)
            monthly_rate = self.rate / 1200
            total = Decimal(0)
            for paid in range(min(SUBSIDY_MONTHS, self.months)):
                growth = (1 + monthly_rate) ** paid
                owed = self.principal * growth - payment * (growth - 1) / monthly_rate
                total += min(owed, SUBSIDY_CAP) / 1200
            first = min(self.principal, SUBSIDY_CAP) / 1200
            return {
                "首月贴息": (first, FEN),
                "贴息前每月还款": (payment, FEN),
                "贴息后首月还款": (payment - first, TWO_FEN),
                "贴息合计": (total, FIVE_YUAN),
            }


class InterestDeduction(Strict):
    kind: Literal["interest_deduction"]
    rate: Decimal
    months: int

    def figures(self) -> Figures:
        a_month = 1000 * self.rate / 100
        return {"一年省个税": (a_month * 12, FEN), "最多一共省": (a_month * min(240, self.months), FEN)}


class DeedTax(Strict):
    kind: Literal["deed_tax"]
    price: Decimal
    area: Decimal
    homes: Literal[1, 2, 3]

    def figures(self) -> Figures:
        return {"契税": (self.price * DEED[self.homes][self.area > 140] / 100, FEN)}


class LateInterest(Strict):
    """Half as much again as the contract's rate, by the day over 360; ``days`` of each missed instalment."""

    kind: Literal["late_interest"]
    amount: Decimal
    rate: Decimal
    days: list[int]

    def figures(self) -> Figures:
        extra = sum(
            (self.amount * self.rate / 100 * Decimal("1.5") * days / 360 for days in self.days), Decimal(0)
        )
        pays = self.amount * len(self.days) + extra
        off = FEN * len(self.days)
        return {"罚息": (extra, off), "现在还清共需": (pays, off)}


FundCheck = (
    Combination | FundVsCommercial | FundConversion | Subsidy | InterestDeduction | DeedTax | LateInterest
)
