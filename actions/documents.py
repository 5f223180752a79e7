"""What a customer sends for an application, and what it still needs."""

from __future__ import annotations

import re
from dataclasses import dataclass

import structlog

from actions.base import CALCULATION_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.calculations.model import payload
from actions.handoffs import hand_over
from actions.progress_form import FORM, NUMBER
from actions.purposes import PURPOSE
from actions.turn import LISTEN, Turn
from bot.knowledge.errors import PolicyError
from bot.messages import Card, QuickReplies, ReplyPart, Row, TextPart
from bot.servicing.documents import ApplicationDocuments, Placed, SentFile
from bot.servicing.errors import FileNotFound, IllegalTransition, NotVerified, UnknownApplication
from bot.servicing.model import DocumentKind
from bot.servicing.precheck import Found
from bot.servicing.reading import Legibility

log = structlog.get_logger(__name__)

INTENT = "document_sent"
FILE, APPLICATION, KIND, DROP = "file", "application", "kind", "drop"  #: what the payloads carry
ASK = "ask"  #: in place of a kind: the one that was guessed is wrong
PLACING, LISTING = "documents", "document_list"  #: purposes of the identity check
MOST_BUTTONS = 8

_ASKS_FOR_LIST = re.compile(
    r"(?:还|都|我)(?:要|需要)?(?:缺|差|少|补)(?:交)?(?:了)?(?:什么|哪|啥|几)[^，。？?]{0,6}(?:材料|资料|证件|文件)"
    r"|(?:材料|资料|证件|文件)[^，。？?]{0,4}(?:还)?(?:缺|差|少)(?:什么|哪|啥|几)"
    r"|我(?:的|交的|发的|提交的|申请的)(?:材料|资料)[^，。？?]{0,6}(?:收到|齐|通过|审核)"
)


def asks_for_list(turn: Turn) -> bool:
    """Whether the documents of the customer's own application are meant, not those of anybody."""
    return bool(turn.text) and _ASKS_FOR_LIST.search(turn.text) is not None


@dataclass(frozen=True)
class Wish:
    """What a pressed button, or the file that has just come, says about a file."""

    file: str | None
    application: str | None
    kind: str | None
    is_dropped: bool

    @classmethod
    def of(cls, turn: Turn) -> Wish:
        if turn.intent != INTENT:  # the identity check came between
            return cls(None, None, None, False)
        return cls(turn.value(FILE), turn.value(APPLICATION), turn.value(KIND), bool(turn.value(DROP)))


class DocumentSentAction(TurnAction):
    """Puts each file that waits into the application, says what the pre-check found, and asks where it is unsure."""

    NAME = "action_document_sent"

    async def act(self, turn: Turn) -> Outcome:
        wish, desk = Wish.of(turn), self.colleagues.documents
        conversation = turn.conversation_id
        try:
            if wish.file and wish.is_dropped:
                await desk.drop(conversation, wish.file)
                return self._done(turn, [self.text("documents.dropped")])
            applications = await desk.applications(conversation)
            if wish.file and wish.kind == ASK:
                await desk.unplace(conversation, wish.file)
            waiting = await desk.waiting(conversation)
            return await self._place_all(turn, wish, applications, waiting)
        except NotVerified:
            return self._verify_first(turn)
        except (FileNotFound, UnknownApplication):
            return self._done(turn, [self.text("documents.nothing_waiting")])
        except IllegalTransition as exc:
            log.info("document.not_moved", reason=str(exc))
            return hand_over(self, turn, "always_human")
        except PolicyError as exc:
            log.error("document.not_examined", reason=str(exc))
            return hand_over(self, turn, "always_human")

    def _verify_first(self, turn: Turn) -> Outcome:
        if turn.active_loop == FORM:
            said = self.text("documents.kept_for_later")
        else:
            said = self.text("documents.verify_first")
        return to_verify(turn, said, PLACING)

    async def _place_all(
        self,
        turn: Turn,
        wish: Wish,
        applications: tuple[ApplicationDocuments, ...],
        waiting: tuple[SentFile, ...],
    ) -> Outcome:
        """One after another, until one needs an answer of the customer."""
        if not waiting:
            return self._done(turn, [self.text("documents.nothing_waiting")])
        if not applications:
            person = buttons((self.say("handoff_reply.button"), "/human_agent"))
            return self._done(turn, [self.text("documents.no_application"), person])
        parts: list[ReplyPart] = []
        last: tuple[SentFile, Placed] | None = None
        for sent in sorted(waiting, key=lambda one: one.public_id != wish.file):
            is_meant = sent.public_id == wish.file
            application = _chosen(
                applications, wish.application if is_meant else None, turn.slots.get(NUMBER)
            )
            if application is None:
                return self._done(turn, [*parts, self._which_application(applications, sent)])
            kind = _kind(wish.kind) if is_meant and wish.kind else sent.reading.kind
            if kind is None or (is_meant and wish.kind == ASK):
                return self._done(turn, [*parts, self._which_document(application, sent)])
            try:
                placed = await self.colleagues.documents.place(
                    turn.conversation_id, sent.public_id, application.application_no, kind
                )
            except IllegalTransition:
                await self.colleagues.documents.drop(turn.conversation_id, sent.public_id)
                parts += self._already_accepted(application, sent, kind)
                continue
            parts.append(self._told(placed))
            last = (sent, placed)
        return self._done(turn, [*parts, *self._outlook(last)])

    def _told(self, placed: Placed) -> TextPart:
        """Where the file is now, and what all files of that document come to."""
        document = placed.document
        into = self.say(
            "documents.placed",
            application_no=placed.application.application_no,
            name=self.document_name(document.kind),
        )
        return TextPart(into + "".join(self._finding(found) for found in document.findings))

    def _finding(self, found: Found) -> str:
        values = dict(found.values)
        if "kind" in values:
            values["kind_name"] = self.document_name(values["kind"])
        return self.say(f"documents.finding.{found.finding.value}", **values)

    def _outlook(self, last: tuple[SentFile, Placed] | None) -> list[ReplyPart]:
        """What is still to come, and a way back from a wrong guess."""
        if last is None:
            return []
        sent, placed = last
        names = [self.document_name(document.kind) for document in placed.application.open]
        said = (
            self.text("documents.still_open", names=names) if names else self.text("documents.nothing_open")
        )
        wrong = payload(INTENT, {FILE: sent.public_id, KIND: ASK})
        return [
            said,
            buttons(
                (self.say("documents.wrong_kind_button"), wrong),
                (self.say("handoff_reply.button"), "/human_agent"),
            ),
        ]

    def _already_accepted(
        self, application: ApplicationDocuments, sent: SentFile, kind: DocumentKind
    ) -> list[ReplyPart]:
        name = self.document_name(kind)
        wrong = payload(INTENT, {FILE: sent.public_id, KIND: ASK})
        return [
            self.text("documents.already_accepted", application_no=application.application_no, name=name),
            buttons((self.say("documents.wrong_kind_button"), wrong)),
        ]

    def _which_application(
        self, applications: tuple[ApplicationDocuments, ...], sent: SentFile
    ) -> QuickReplies:
        return buttons(
            *(
                (
                    self.say("documents.application_button", application_no=one.application_no),
                    payload(INTENT, {FILE: sent.public_id, APPLICATION: one.application_no}),
                )
                for one in applications[:MOST_BUTTONS]
            ),
            prompt=self.say("documents.which_application"),
        )

    def _which_document(self, application: ApplicationDocuments, sent: SentFile) -> QuickReplies:
        """What is still to be brought goes first; anything else can be meant too."""
        known = [document.kind for document in application.documents if document.state != "accepted"]
        kinds = [*known, *(kind for kind in DocumentKind if kind not in known)][: MOST_BUTTONS - 1]
        about = {FILE: sent.public_id, APPLICATION: application.application_no}
        problem = {
            Legibility.UNCLEAR: "documents.finding.unclear",
            Legibility.BLANK: "documents.finding.blank",
        }.get(sent.reading.legibility)
        if problem:
            prompt = self.say("documents.which_document_unclear", problem=self.say(problem))
        else:
            prompt = self.say("documents.which_document")
        return buttons(
            *((self.document_name(kind), payload(INTENT, {**about, KIND: kind.value})) for kind in kinds),
            (self.say("documents.drop_button"), payload(INTENT, {FILE: sent.public_id, DROP: True})),
            prompt=prompt,
        )

    def _done(self, turn: Turn, parts: list[ReplyPart]) -> Outcome:
        return Outcome(tuple(parts), understood(), next_action=turn.active_loop or LISTEN)

    def document_name(self, kind: str) -> str:
        return self.say(f"documents.name.{kind}")


class DocumentsAction(TurnAction):
    """Lists the documents of the customer's applications with what has become of each."""

    NAME = "action_documents"

    async def act(self, turn: Turn) -> Outcome:
        try:
            applications = await self.colleagues.documents.applications(turn.conversation_id)
        except NotVerified:
            return to_verify(turn, self.text("documents.verify_to_list"), LISTING)
        parts: list[ReplyPart] = []
        for application in applications:
            parts += self._list(application)
        if not parts:
            parts.append(self.text("documents.no_application"))
        return Outcome(tuple(parts), understood(), next_action=turn.active_loop or LISTEN)

    def _list(self, application: ApplicationDocuments) -> list[ReplyPart]:
        number = application.application_no
        if not application.documents:
            return [self.text("documents.list_empty", application_no=number)]
        names = [self.say(f"documents.name.{document.kind.value}") for document in application.open]
        phrase = "documents.list_open" if names else "documents.list_none_open"
        return [
            self.text(phrase, application_no=number, names=names),
            Card(
                self.say("documents.list_title", application_no=number),
                tuple(
                    Row(
                        self.say(f"documents.name.{document.kind.value}"),
                        self.say(
                            f"documents.state.{'with_fault' if document.has_fault else document.state.value}"
                        ),
                        emphasis=document.is_open,
                    )
                    for document in application.documents
                ),
                (self.say("documents.note_person"),),
            ),
        ]


def to_verify(turn: Turn, said: TextPart, purpose: str) -> Outcome:
    """The identity check first; what it was made for goes on by itself afterwards."""
    return Outcome(
        (said,),
        understood(**empty(CALCULATION_SLOTS), **{PURPOSE: purpose}),
        next_action=FORM,
        ends_form=turn.active_loop not in (None, FORM),
    )


def _chosen(
    applications: tuple[ApplicationDocuments, ...], pressed: str | None, verified_for: str | None
) -> ApplicationDocuments | None:
    """The application that was named, else the only one; None when the customer has to say."""
    named = pressed or verified_for
    found = next((one for one in applications if one.application_no == named), None)
    if found is not None:
        return found
    if pressed:
        raise UnknownApplication(pressed)
    return applications[0] if len(applications) == 1 else None


def _kind(word: str) -> DocumentKind | None:
    try:
        return DocumentKind(word)
    except ValueError:
        return None
