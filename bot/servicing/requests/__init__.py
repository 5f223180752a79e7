"""What a verified customer asks for once the loan is paid out, and complaints: rules, figures, states and numbers."""

from __future__ import annotations

from bot.servicing.requests.complaints import Complaint, ComplaintCause, Complaints
from bot.servicing.requests.errors import (
    DraftOutdated,
    IllegalStep,
    NumbersUsedUp,
    Reason,
    RequestError,
    RequestRefused,
    UnknownRequest,
    WishIncomplete,
)
from bot.servicing.requests.model import Certificate, Draft, RequestKind, RequestState, ServiceRequest, Step
from bot.servicing.requests.service import Requests, make_complaints, make_requests

__all__ = [
    "Certificate",
    "Complaint",
    "ComplaintCause",
    "Complaints",
    "Draft",
    "DraftOutdated",
    "IllegalStep",
    "NumbersUsedUp",
    "Reason",
    "RequestError",
    "RequestKind",
    "RequestRefused",
    "RequestState",
    "Requests",
    "ServiceRequest",
    "Step",
    "UnknownRequest",
    "WishIncomplete",
    "make_complaints",
    "make_requests",
]
