"""Figures of requests, worked out a second time: by the formula, or month by month where the last one differs."""

from __future__ import annotations

from decimal import Decimal, localcontext
from typing import Literal

from pydantic import BaseModel, ConfigDict

FEN, TEN_YUAN = Decimal("0.01"), Decimal(10)
Figures = dict[str, tuple[Decimal, Decimal]]


class RequestCheck(BaseModel):
    """What is owed over the months left at a rate per cent a year, by equal instalments, and what is asked for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Literal[
        "request_day_change",
        "request_method_change",
        "request_prepayment",
        "request_settlement",
        "request_extension",
        "request_relief",
    ]
    balance: Decimal
    rate: Decimal
    months: int
    days: int = 0  #: of the changed period, or since the last instalment
    amount: Decimal = Decimal(0)
    paid_before: int = 1  #: instalments until the day of the money
    more_months: int = 0
    penalty_pct: Decimal = Decimal(0)

    def figures(self) -> Figures:
        with localcontext() as context:
            context.prec = 50
            worked_out: Figures = getattr(self, self.kind.replace("request", ""))()
            return worked_out

    @property
    def _monthly(self) -> Decimal:
        return self.rate / 1200

    def _day_change(self) -> Figures:
        return {
            "这一期利息": (self.balance * self.rate * self.days / 36000, FEN),
            "平常一个月利息": (self.balance * self._monthly, FEN),
        }

    def _method_change(self) -> Figures:
        payment = self._level(self.balance, self.months)
        return {
            "现在下一期还": (payment, FEN),
            "改后首期还": (self.balance / self.months + self.balance * self._monthly, FEN),
            "不改还要付利息": (payment * self.months - self.balance, TEN_YUAN),
            "改后还要付利息": (self.balance * self._monthly * (self.months + 1) / 2, TEN_YUAN),
        }

    def _prepayment(self) -> Figures:
        payment, before = self._level(self.balance, self.months), self._after(self.paid_before)
        left, months = before - self.amount, self.months - self.paid_before
        lower = self._level(left, months)
        kept, shorter = payment * months - before, self._interest_at(left, payment)
        return {
            "还前剩余本金": (before, FEN * 5),
            "还后剩余本金": (left, FEN * 5),
            "缩短年限省利息": (kept - shorter, TEN_YUAN),
            "降低月供省利息": (kept - (lower * months - left), TEN_YUAN),
            "降低月供后每期": (lower, FEN),
            "违约金": (self.amount * self.penalty_pct / 100, FEN),
        }

    def _settlement(self) -> Figures:
        left = self._after(self.paid_before)
        interest = left * self.rate * self.days / 36000
        return {
            "剩余本金": (left, FEN * 5),
            "当期利息": (interest, FEN),
            "当天一共要还": (left + interest + left * self.penalty_pct / 100, FEN * 5),
        }

    def _extension(self) -> Figures:
        before, months = self._level(self.balance, self.months), self.months + self.more_months
        after = self._level(self.balance, months)
        return {
            "现在下一期还": (before, FEN),
            "展期后下一期还": (after, FEN),
            "总共多付利息": (after * months - before * self.months, TEN_YUAN),
        }

    def _relief(self) -> Figures:
        before, left = self._level(self.balance, self.months), self.months - self.more_months
        during, after = self.balance * self._monthly, self._level(self.balance, left)
        return {
            "这段时间每月还": (during, FEN),
            "之后每期还": (after, FEN),
            "总共多付利息": (during * self.more_months + after * left - before * self.months, TEN_YUAN),
        }

    def _level(self, balance: Decimal, months: int) -> Decimal:
        growth = (1 + self._monthly) ** months
        return balance * self._monthly * growth / (growth - 1)

    def _after(self, paid: int) -> Decimal:
        growth = (1 + self._monthly) ** paid
        payment = self._level(self.balance, self.months)
        return self.balance * growth - payment * (growth - 1) / self._monthly

    def _interest_at(self, balance: Decimal, payment: Decimal) -> Decimal:
        interest = Decimal(0)
        while balance > 0:
            month = balance * self._monthly
            interest += month
            balance -= payment - month
        return interest
