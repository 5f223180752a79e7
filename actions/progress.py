"""Tells a verified customer where the application stands."""

from __future__ import annotations

import re
from dataclasses import replace

from actions.base import (
    CALCULATION_SLOTS,
    LAST_REPLY,
    REQUEST_SLOTS,
    SECRET_SLOTS,
    Outcome,
    TurnAction,
    buttons,
    empty,
    understood,
)
from actions.calculations.catalogue import SUBJECTS
from actions.calculations.recorded import with_record
from actions.calculations.state import FOR_IT, Asked
from actions.calculations.state import FORM as CALCULATION_FORM
from actions.documents import DocumentsAction, asks_for_list
from actions.following import (
    FOR_FOLLOWING,
    FollowProgressAction,
    application_button,
    application_title,
    is_about_notices,
    wants_news,
)
from actions.progress_form import FORM, NUMBER
from actions.progress_words import ProgressWords
from actions.purposes import FOR_PURPOSE, GOES_ON, PURPOSE
from actions.requests.begin import request_for
from actions.requests.status import told
from actions.turn import Turn
from bot.messages import ReplyPart
from bot.servicing.errors import NotVerified
from bot.servicing.model import ApplicationBrief, Progress

_ALL = re.compile(
    "都(?:到|走到|办到|办得|怎么样|什么情况)|所有|全部|几[个笔](?!月|工作日|星期|礼拜|小时)|每一?[个笔](?!月)|分别"
)


class BeginProgressAction(TurnAction):
    """Opens the way to the progress form; another form that was open is left."""

    NAME = "action_begin_progress"

    async def act(self, turn: Turn) -> Outcome:
        if is_about_notices(turn) and not wants_news(turn):
            return Outcome(slots=understood(), next_action=FollowProgressAction.NAME)
        if asks_for_list(turn):
            return Outcome(next_action=DocumentsAction.NAME)
        meant = await request_for(self, turn) or await self._own_requests(turn)
        if meant is not None:
            return meant
        dropped = () if turn.value(FOR_IT) else (*CALCULATION_SLOTS, *REQUEST_SLOTS)
        purpose = FOR_FOLLOWING if wants_news(turn) else turn.value(FOR_PURPOSE)
        return Outcome(
            slots=understood(**empty(dropped), **empty(SECRET_SLOTS), **{PURPOSE: purpose}),
            ends_form=turn.active_loop not in (None, FORM),
        )

    async def _own_requests(self, turn: Turn) -> Outcome | None:
        """「我的申请办得怎么样了」 of somebody verified who has requested something means that."""
        if (
            turn.is_pressed
            or turn.value("application_no")
            or not self.colleagues.markers.own.search(turn.text)
        ):
            return None
        if not await self.colleagues.requests.is_verified(turn.conversation_id):
            return None
        return (
            await told(self, turn)
            if await self.colleagues.requests.of_customer(turn.conversation_id)
            else None
        )


class ProgressAction(TurnAction):
    """Tells of the application that was named; the customer's others are offered, or told in brief."""

    NAME = "action_progress"

    async def act(self, turn: Turn) -> Outcome:
        application_no = turn.slots.get(NUMBER)
        if not application_no and has_spoken(turn):
            return Outcome()  # the form ended without a verified number, and has said why
        try:
            told = await self._progress(turn, application_no)
        except NotVerified:
            return (
                Outcome((self.text("progress.verify_again"),), next_action=FORM)
                if application_no
                else Outcome()
            )
        goes_on = GOES_ON.get(turn.slots.get(PURPOSE) or "")
        if goes_on is not None:
            return Outcome(slots=understood(**empty((*SECRET_SLOTS, PURPOSE))), next_action=goes_on)
        asked = Asked.of(turn, SUBJECTS)
        if asked is not None:
            return await self._back_to(asked, turn)
        if isinstance(told, Progress):
            if told.others and _ALL.search(turn.text):
                briefs = await self.colleagues.servicing.applications(turn.conversation_id)
                return Outcome(self._all(briefs), understood(**empty(SECRET_SLOTS)))
            parts = ProgressWords(self, told).parts()
            return Outcome(parts, understood(**empty(SECRET_SLOTS), **{NUMBER: told.application_no}))
        return Outcome(self._all(told), understood(**empty(SECRET_SLOTS)))

    async def _progress(
        self, turn: Turn, application_no: str | None
    ) -> Progress | tuple[ApplicationBrief, ...]:
        """Of the application that was named, or of the customer's only one; several are told in brief."""
        servicing, conversation = self.colleagues.servicing, turn.conversation_id
        if application_no:
            return await servicing.progress(conversation, application_no)
        briefs = await servicing.applications(conversation)
        if len(briefs) != 1:
            return briefs
        return await servicing.progress(conversation, briefs[0].application_no)

    def _all(self, briefs: tuple[ApplicationBrief, ...]) -> tuple[ReplyPart, ...]:
        """Every application in a line, and one to choose."""
        lines = "\n".join(f"· {application_title(self, brief)}" for brief in briefs)
        said = self.say("progress.several", n=len(briefs))
        return (
            self.plain(f"{said}\n{lines}"),
            buttons(*(application_button(self, brief) for brief in briefs)),
        )

    async def _back_to(self, asked: Asked, turn: Turn) -> Outcome:
        """The check was made for a calculation, which now goes on with the loan on record."""
        found = await with_record(self, turn, replace(asked, refused=None))
        phrase = "calculation.record_found" if found.has_record else "calculation.record_missing"
        parts = () if found.chooses else (self.text(phrase),)
        return Outcome(
            parts,
            understood(**empty(SECRET_SLOTS), calculation=found.to_slot()),
            next_action=CALCULATION_FORM,
        )


def has_spoken(turn: Turn) -> bool:
    """Whether something was said already in reply to this message."""
    kept = turn.slots.get(LAST_REPLY) or {}
    return bool(kept.get("turn") == turn.message_id and kept.get("parts"))
