"""Submits what was confirmed, and takes a request up again after the identity check."""

from __future__ import annotations

from dataclasses import replace

import structlog

from actions.base import Outcome, TurnAction, buttons, understood
from actions.calculations.rules import Rules
from actions.handoffs import hand_over
from actions.requests.begin import verify_first
from actions.requests.catalogue import FORMS
from actions.requests.complaining import registered
from actions.requests.model import payload, typed
from actions.requests.refusals import refusal_parts
from actions.requests.state import FORM, LAST_REQUEST, SLOT, WITHDRAW, Asked
from actions.turn import LISTEN, Turn
from bot.knowledge.errors import PolicyError
from bot.messages import ReplyPart
from bot.servicing.errors import NotVerified
from bot.servicing.requests import Draft, DraftOutdated, RequestRefused, ServiceRequest

PLAN_TIME = "service_level.written_plan"

log = structlog.get_logger(__name__)


class SubmitRequestAction(TurnAction):
    """Stores the confirmed request and tells its number and by when it is done."""

    NAME = "action_request"

    async def act(self, turn: Turn) -> Outcome:
        asked = Asked.of(turn, FORMS)
        if asked is None:
            return Outcome()  # the form was left without a request: whoever ended it has spoken
        if asked.is_unverified:
            return verify_first(self, turn, asked)
        if not asked.is_confirmed:
            return Outcome()
        if not asked.form.needs_customer:
            values = asked.values
            return await registered(self, turn, str(values.get("story") or ""), values.get("cause"))
        if asked.draft is None:
            raise AssertionError(f"{asked.form.name} was confirmed without a summary")
        try:
            request = await self.colleagues.requests.submit(turn.conversation_id, asked.draft, turn.turn_id)
        except DraftOutdated:
            again = replace(asked, is_confirmed=False, begun_by=turn.turn_id)
            return Outcome(
                (self.text("request.outdated"),), understood(**{SLOT: again.to_slot()}), next_action=FORM
            )
        except NotVerified:
            return verify_first(self, turn, replace(asked, is_confirmed=False, is_unverified=True))
        except RequestRefused as exc:
            return Outcome(refusal_parts(self, asked.draft.kind, exc), understood(**{SLOT: None}))
        except PolicyError as exc:
            log.error("request.unavailable", kind=asked.draft.kind.value, reason=str(exc))
            return hand_over(self, turn, "always_human")
        kept = {"no": request.request_no, "digest": asked.draft.digest}
        return Outcome(
            await self._told(turn, asked.draft, request), understood(**{SLOT: None, LAST_REQUEST: kept})
        )

    async def _told(self, turn: Turn, draft: Draft, request: ServiceRequest) -> tuple[ReplyPart, ...]:
        rules = Rules(self.colleagues.library.policy, self.colleagues.today)
        values = {
            **typed({**draft.wish, **draft.figures}),
            "promised": request.promised_at,
            "plan_time": rules.fact(PLAN_TIME).text if rules.has(PLAN_TIME) else None,
        }
        text = self.text(f"request.submitted.{request.kind.value}", number=request.request_no, **values)
        if not request.kind.is_made_at_once:
            kind = self.say(f"request.kind.{request.kind.value}")
            take_back = payload("application_status", {WITHDRAW: request.request_no})
            return (
                text,
                buttons((self.say("request.list.take_back", kind=kind), take_back)),
            )
        life = self.colleagues.requests.certificate_life
        file = await self.colleagues.certificates.file(request.request_no, turn.conversation_id, life)
        minutes = int(life.total_seconds() // 60)
        return (text, file, self.text("request.certificate_link", minutes=minutes))


class ContinueRequestAction(TurnAction):
    """Goes on with the request for which the customer was verified."""

    NAME = "action_continue_request"

    async def act(self, turn: Turn) -> Outcome:
        asked = Asked.of(turn, FORMS)
        if asked is None:
            return Outcome((self.text("request.pressed_too_late"),), understood(), next_action=LISTEN)
        again = replace(asked, begun_by=turn.turn_id, is_confirmed=False, is_unverified=False)
        return Outcome(
            (self.text("request.verified"),), understood(**{SLOT: again.to_slot()}), next_action=FORM
        )
