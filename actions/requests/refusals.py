"""Why a request cannot be, in the customer's words, and what can be done instead."""

from __future__ import annotations

from actions.base import TurnAction, buttons
from actions.requests.model import Choice, payload
from actions.requests.state import BEGIN, WITHDRAW
from bot.messages import ReplyPart
from bot.servicing.requests import Reason, RequestKind, RequestRefused


def refusal_parts(action: TurnAction, kind: RequestKind, refused: RequestRefused) -> tuple[ReplyPart, ...]:
    """The reason, and ways on where nothing else can be chosen."""
    words = action.text(
        f"request.refused.{refused.reason.value}",
        this=action.say(f"request.kind.{kind.value}"),
        other=_named(action, refused),
        this_method=action.say(f"papers.method.{refused.values['method']}")
        if "method" in refused.values
        else "",
        **{name: value for name, value in refused.values.items() if name not in ("kind", "other", "method")},
    )
    ways = _ways_on(action, refused)
    return (words, buttons(*ways)) if ways else (words,)


def instead(action: TurnAction, refused: RequestRefused) -> tuple[Choice, ...]:
    """What is offered in place of what was refused; empty where the usual choices do."""
    values = refused.values
    match refused.reason:
        case Reason.BELOW_MINIMUM:
            return (
                Choice(
                    action.say("request.choice.sum", amount=values["least"]), {"amount": int(values["least"])}
                ),
            )
        case Reason.NOT_PARTIAL:
            return (Choice(action.say("request.choice.scope.full"), {"scope": "full", "amount": None}),)
        case Reason.EXTENSION_TOO_LONG | Reason.RELIEF_TOO_LONG:
            longest = values["longest"]
            return (Choice(action.say("request.form.months", value=longest), {"months": longest}),)
        case Reason.NOT_A_WORKING_DAY:
            following = values["following"]
            return (
                Choice(action.say("request.choice.on", on=following), {"visit_on": following.isoformat()}),
            )
        case _:
            return ()


def _named(action: TurnAction, refused: RequestRefused) -> str:
    """The name of what stands in the way: another request's kind, or the other method."""
    if "kind" in refused.values:
        return action.say(f"request.kind.{refused.values['kind']}")
    if "other" in refused.values:
        return action.say(f"papers.method.{refused.values['other']}")
    return ""


def _ways_on(action: TurnAction, refused: RequestRefused) -> list[tuple[str, str]]:
    topics, human = action.colleagues.topics, (action.say("handoff_reply.button"), "/human_agent")
    match refused.reason:
        case Reason.ALREADY_OPEN:
            number = refused.values["request_no"]
            take_back = (
                action.say("request.list.take_back", kind=_named(action, refused)),
                payload("application_status", {WITHDRAW: number}),
            )
            return [take_back, human] if refused.values["is_submitted"] else [human]
        case Reason.ARREARS:
            extend = action.say("request.title.hardship"), payload("extension_hardship", {BEGIN: "hardship"})
            return [(topics.title("overdue"), "/overdue"), extend, human]
        case Reason.NOT_SETTLED:
            settle = payload("prepay_process", {BEGIN: "prepayment", "scope": "full"})
            return [(action.say("request.choice.scope.full"), settle), human]
        case Reason.SETTLED:
            papers = payload("certificate", {BEGIN: "certificate"})
            return [(action.say("request.title.certificate"), papers), human]
        case Reason.CHANGES_USED_UP:
            return [(topics.title("repayment_account"), "/repayment_account"), human]
        case Reason.NO_EXTENSION:
            relief = payload("extension_hardship", {BEGIN: "hardship", "way": "relief"})
            return [(action.say("request.choice.way.relief"), relief), human]
        case Reason.NO_LOAN:
            return [(topics.title("application_status"), "/application_status"), human]
        case _:
            return []
