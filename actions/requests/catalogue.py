"""The list of all kinds of request."""

from __future__ import annotations

from actions.requests.kinds.account_change import ACCOUNT_CHANGE
from actions.requests.kinds.certificate import CERTIFICATE
from actions.requests.kinds.complaint import COMPLAINT
from actions.requests.kinds.day_change import DAY_CHANGE
from actions.requests.kinds.hardship import HARDSHIP
from actions.requests.kinds.method_change import METHOD_CHANGE
from actions.requests.kinds.prepayment import PREPAYMENT
from actions.requests.model import RequestForm

FORMS: dict[str, RequestForm] = {
    form.name: form
    for form in (
        DAY_CHANGE,
        METHOD_CHANGE,
        PREPAYMENT,
        HARDSHIP,
        CERTIFICATE,
        ACCOUNT_CHANGE,
        COMPLAINT,
    )
}
