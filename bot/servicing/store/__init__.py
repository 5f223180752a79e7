"""Servicing's tables."""

from __future__ import annotations

from bot.servicing.store.audit import AuditEventRow
from bot.servicing.store.contact import ContactWishRow, NoticeWishRow
from bot.servicing.store.identity import (
    CONVERSATION,
    ChannelIdentityRow,
    UsedNonceRow,
    VerificationAttemptRow,
    VerificationGuardRow,
    VerificationRow,
)
from bot.servicing.store.numeric import ExactNumeric
from bot.servicing.store.records import (
    ApplicationRow,
    CustomerRow,
    DocumentRow,
    LoanRateRow,
    LoanRow,
    ProgressSubscriptionRow,
    RepaymentRow,
    SentDocumentRow,
    StageEventRow,
    StoredFileRow,
)
from bot.servicing.store.requests import (
    ComplaintEventRow,
    ComplaintRow,
    ServiceRequestEventRow,
    ServiceRequestRow,
)
from bot.servicing.store.waiting import WaitingWordRow

__all__ = [
    "CONVERSATION",
    "ApplicationRow",
    "AuditEventRow",
    "ChannelIdentityRow",
    "ComplaintEventRow",
    "ComplaintRow",
    "ContactWishRow",
    "CustomerRow",
    "DocumentRow",
    "ExactNumeric",
    "LoanRateRow",
    "LoanRow",
    "NoticeWishRow",
    "ProgressSubscriptionRow",
    "RepaymentRow",
    "SentDocumentRow",
    "ServiceRequestEventRow",
    "ServiceRequestRow",
    "StageEventRow",
    "StoredFileRow",
    "UsedNonceRow",
    "VerificationAttemptRow",
    "VerificationGuardRow",
    "VerificationRow",
    "WaitingWordRow",
]
