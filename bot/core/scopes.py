"""What the keys of the bank's systems may tell about."""

from __future__ import annotations

from enum import StrEnum


class Scope(StrEnum):
    """What a key may tell about: a resource each, and the published LPR, which concerns every customer."""

    CUSTOMERS = "customers"
    APPLICATIONS = "applications"
    STAGES = "stages"
    LOANS = "loans"
    REPAYMENTS = "repayments"
    RATES = "rates"
    DOCUMENTS = "documents"
    LPR = "lpr"
