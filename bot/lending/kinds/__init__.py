"""Every kind of calculation, each in the module of its subject."""

from bot.lending.kinds import (
    affordability,
    arrears,
    comparison,
    days,
    limits,
    prepayment,
    repricing,
    schedule,
    tax,
)
from bot.lending.kinds.wire import Kind, Kinds, Result

__all__ = ["KINDS", "Kind", "Result"]

_SUBJECTS = (schedule, comparison, repricing, prepayment, days, arrears, affordability, limits, tax)
KINDS: Kinds = {name: kind for subject in _SUBJECTS for name, kind in subject.KINDS.items()}
