"""What a notice says, in a conversation and on a platform's form."""

from __future__ import annotations

import json
from collections.abc import Mapping

from bot.care.model import (
    CallBack,
    DocumentExpiring,
    DocumentsWanted,
    Notice,
    RepaymentDue,
    Repricing,
    RequestChanged,
    StageChanged,
)
from bot.clock import CHINA
from bot.conversation.ports import Words
from bot.messages import Option, QuickReplies, ReplyPart, TextPart
from bot.servicing.contact import NoticeKind

NUMBER_TAIL = 4  #: digits of an application number that are said
#: The form of a platform that each kind goes by; ``data/channels`` gives their ids.
FORMS = {NoticeKind.STAGE_CHANGED: "progress", NoticeKind.REQUEST_CHANGED: "progress"}
OTHER_FORM = "reminder"


def form_of(kind: NoticeKind) -> str:
    """The name of the form that does for this kind."""
    return FORMS.get(kind, OTHER_FORM)


class Wording:
    """Says it plainly, with no more of the customer's data than is needed."""

    def __init__(self, words: Words) -> None:
        self._words = words

    def parts(self, notice: Notice, *, is_verified: bool) -> tuple[ReplyPart, ...]:
        """The message in a conversation; figures only ``is_verified``. Under it the way on, and the way out."""
        options = [*self._ways_on(notice), self._stop_button(notice.kind)]
        return TextPart(self._text(notice, is_verified)), QuickReplies(tuple(options))

    def values(self, notice: Notice) -> Mapping[str, str]:
        """What a form may show: a subject, a detail and a time."""
        return {
            "subject": self._words.say(f"notice.template.{notice.kind.value}"),
            "detail": self._words.say(f"notice.template.detail.{notice.kind.value}", **self._facts(notice)),
            "at": _at(notice),
        }

    def _text(self, notice: Notice, is_verified: bool) -> str:
        facts, say = self._facts(notice), self._words.say
        match notice:
            case StageChanged():
                return say(f"progress.news.{notice.state.value}", **facts)
            case RequestChanged():
                return say(f"request.news.{notice.state}", **facts, note=notice.note if is_verified else None)
            case RepaymentDue() if is_verified:
                return say("notice.repayment_due_amount", **facts, amount=notice.amount)
            case _:
                return say(f"notice.{notice.kind.value}", **facts)

    def _facts(self, notice: Notice) -> dict[str, object]:
        say = self._words.say
        match notice:
            case StageChanged():
                return {
                    "number": notice.application_no[-NUMBER_TAIL:],
                    "passed": say(f"progress.stage.{notice.passed.value}"),
                    "stage": say(f"progress.stage.{notice.stage.value}"),
                }
            case DocumentsWanted():
                names = [say(f"servicing.document.{kind.value}") for kind in notice.documents]
                return {"number": notice.application_no[-NUMBER_TAIL:], "documents": "、".join(names)}
            case DocumentExpiring():
                return {
                    "document": say(f"servicing.document.{notice.document.value}"),
                    "until": notice.until,
                }
            case RepaymentDue():
                return {"on": notice.due_on, "tail": notice.account_tail}
            case Repricing():
                return {"on": notice.repricing_date}
            case RequestChanged():
                return {"kind": say(f"request.kind.{notice.request_kind}"), "request_no": notice.request_no}
            case CallBack():
                return {"complaint_no": notice.complaint_no, "at": notice.at}

    def _ways_on(self, notice: Notice) -> list[Option]:
        say = self._words.say
        match notice:
            case StageChanged() | DocumentsWanted() | DocumentExpiring():
                is_news = isinstance(notice, StageChanged)
                title = say("progress.news.button" if is_news else "notice.documents_button")
                return [Option(title, _payload("application_status", application_no=notice.application_no))]
            case RepaymentDue():
                return [Option(say("notice.loan_button"), _payload("balance_query", about="next"))]
            case Repricing():
                return [Option(say("notice.repricing_button"), _payload("balance_query", about="repricing"))]
            case _:
                return []

    def _stop_button(self, kind: NoticeKind) -> Option:
        """Understood by ``actions.reminders`` on every channel."""
        stop = _payload("application_status", following=f"stop.{kind.value}")
        return Option(self._words.say("notice.stop_button"), stop)


def _payload(intent: str, **entities: str) -> str:
    return f"/{intent}{json.dumps(entities, ensure_ascii=False)}"


def _at(notice: Notice) -> str:
    """The time of a notice as a form shows it: a minute where there is one, else the day."""
    match notice:
        case StageChanged() | RequestChanged() | CallBack():
            return f"{notice.at.astimezone(CHINA):%Y-%m-%d %H:%M}"
        case DocumentsWanted():
            return notice.since.isoformat()
        case DocumentExpiring():
            return notice.until.isoformat()
        case RepaymentDue():
            return notice.due_on.isoformat()
        case Repricing():
            return notice.repricing_date.isoformat()
