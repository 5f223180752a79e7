"""Which rate a loan bears on a day."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import CHINA
from bot.servicing.store import LoanRateRow, LoanRow


async def rate_in_force(session: AsyncSession, loan: LoanRow, on: date) -> Decimal:
    """The rate, a fraction: the latest that has begun since the core last told of the loan, else the loan's own."""
    begun = select(LoanRateRow.annual_rate).where(
        LoanRateRow.loan_id == loan.id, LoanRateRow.effective_on <= on
    )
    if loan.told_at is not None:
        begun = begun.where(LoanRateRow.effective_on > loan.told_at.astimezone(CHINA).date())
    rate = await session.scalar(begun.order_by(LoanRateRow.effective_on.desc()).limit(1))
    return loan.annual_rate if rate is None else rate
