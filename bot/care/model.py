"""What the bank may have to say of its own accord, as plain values that can be stored and read again."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from bot.servicing.contact import NoticeKind
from bot.servicing.model import ApplicationState, DocumentKind, Stage


class _Notice(BaseModel):
    """One thing to be told. ``key`` is its own: the same thing again is not told again."""

    model_config = ConfigDict(frozen=True)

    @property
    def useful_until(self) -> date | None:
        """The last day on which it is worth telling; None: always."""
        return None


class StageChanged(_Notice):
    """An application that somebody follows has moved on."""

    kind: Literal[NoticeKind.STAGE_CHANGED] = NoticeKind.STAGE_CHANGED
    application_no: str
    event_id: int
    state: ApplicationState
    passed: Stage
    stage: Stage
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.application_no}:{self.event_id}"


class DocumentsWanted(_Notice):
    """These documents are missing, or will not do."""

    kind: Literal[NoticeKind.DOCUMENTS_WANTED] = NoticeKind.DOCUMENTS_WANTED
    application_no: str
    documents: tuple[DocumentKind, ...]
    since: date  #: the day of the last change

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.application_no}:{self.since}"


class DocumentExpiring(_Notice):
    """A document that was brought runs out."""

    kind: Literal[NoticeKind.DOCUMENT_EXPIRING] = NoticeKind.DOCUMENT_EXPIRING
    application_no: str
    document_id: int
    document: DocumentKind
    until: date

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.document_id}:{self.until}"

    @property
    def useful_until(self) -> date:
        return self.until


class RepaymentDue(_Notice):
    """The next instalment."""

    kind: Literal[NoticeKind.REPAYMENT_DUE] = NoticeKind.REPAYMENT_DUE
    loan_id: int
    due_on: date
    days_before: int  #: which of the reminders before that day
    amount: Decimal  #: yuan
    account_tail: str

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.loan_id}:{self.due_on}:{self.days_before}"

    @property
    def useful_until(self) -> date:
        return self.due_on


class Repricing(_Notice):
    """The rate of a loan is set anew."""

    kind: Literal[NoticeKind.REPRICING] = NoticeKind.REPRICING
    loan_id: int
    repricing_date: date

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.loan_id}:{self.repricing_date}"

    @property
    def useful_until(self) -> date:
        return self.repricing_date


class RequestChanged(_Notice):
    """The bank has done something about a request."""

    kind: Literal[NoticeKind.REQUEST_CHANGED] = NoticeKind.REQUEST_CHANGED
    event_id: int
    request_no: str
    request_kind: str
    state: str
    note: str | None
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.event_id}"


class CallBack(_Notice):
    """Somebody will ring up about a complaint."""

    kind: Literal[NoticeKind.CALL_BACK] = NoticeKind.CALL_BACK
    complaint_no: str
    at: datetime

    @property
    def key(self) -> str:
        return f"{self.kind.value}:{self.complaint_no}:{self.at.isoformat()}"


Notice = (
    StageChanged | DocumentsWanted | DocumentExpiring | RepaymentDue | Repricing | RequestChanged | CallBack
)
_READER: TypeAdapter[Notice] = TypeAdapter(Annotated[Notice, Field(discriminator="kind")])


def notice_of(body: dict[str, Any]) -> Notice:
    """The notice that was stored."""
    return _READER.validate_python(body)


class NoticeState(StrEnum):
    """How far the telling of a notice has come."""

    WAITING = "waiting"  #: for its time, or for what becomes of an attempt
    TOLD = "told"
    UNTOLD = "untold"  #: no channel took it
    DECLINED = "declined"  #: the customer wants none of this
    LAPSED = "lapsed"  #: its time came too late for it to be of use
    DOUBTFUL = "doubtful"  #: a platform never answered; not repeated


class AttemptState(StrEnum):
    """What became of it on one channel."""

    BARRED = "barred"  #: the platform's rules did not allow it
    QUEUED = "queued"  #: stored in the conversation; the outbox delivers it
    SENDING = "sending"  #: the platform is being asked
    AGAIN = "again"  #: it was surely not done, and is tried again
    SENT = "sent"
    STORED = "stored"  #: it lies where the customer sees it when they come back
    FAILED = "failed"
    DOUBTFUL = "doubtful"
