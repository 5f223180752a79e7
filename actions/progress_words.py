"""An application's progress in words and as a picture: where it stands, who has to act, what comes next and when."""

from __future__ import annotations

from datetime import date

from actions.base import TurnAction, buttons
from actions.calculations.model import payload
from actions.cancel import FORGET_PAYLOAD
from actions.following import application_button, follow_button
from bot.messages import QuickReplies, ReplyPart, Stage, Stages
from bot.servicing.model import (
    ApplicationState,
    DateRange,
    Lack,
    Party,
    Progress,
    Refusal,
    StageProgress,
    StageState,
    WantedDocument,
)

#: After a rejection: the topics and calculations that lead on from each reason.
_AFTER_REFUSAL: dict[Refusal, tuple[str, ...]] = {
    Refusal.INCOME_TOO_LOW: ("affordability", "max_term", "down_payment"),
    Refusal.DEBTS_TOO_HIGH: ("affordability", "/affordability_eligibility"),
    Refusal.CREDIT_RECORD: ("/credit_report",),
    Refusal.PROPERTY: ("down_payment", "/affordability_eligibility"),
    Refusal.AGE_OR_TERM: ("max_term", "/loan_term"),
    Refusal.DOCUMENTS: ("/materials",),
    Refusal.OTHER: ("/affordability_eligibility",),
}
_AFTER_WITHDRAWAL = ("/materials", "/affordability_eligibility")
MOST_OTHERS = 4  #: further applications that get a button


class ProgressWords:
    """What is said and shown of one application."""

    def __init__(self, action: TurnAction, progress: Progress) -> None:
        self._action = action
        self._told = progress
        self._say = action.say

    def parts(self) -> tuple[ReplyPart, ...]:
        told = self._told
        return (
            self._action.plain(self._now()),
            Stages(
                self._say("progress.title", application_no=told.application_no),
                tuple(self._stage(stage) for stage in told.stages),
                self._notes(),
            ),
            self._buttons(),
        )

    def _now(self) -> str:
        told = self._told
        refusal = told.refusal or Refusal.OTHER
        said = self._say(
            f"progress.now.{told.state.value}",
            application_no=told.application_no,
            stage=self._name(told.current.value) if told.current else "",
            next=self._name(told.next.value) if told.next else "",
            since=told.since,
            ended_on=told.ended_on,
            step=self._period(told.step_expected),
            decision=self._period(told.decision_expected),
            disbursement=self._period(told.disbursement_expected),
            is_late=told.is_late and not told.wanted,
            acts=self._who_acts(),
            is_wanted=bool(told.wanted),
            why=self._say(f"progress.refusal.{refusal.value}"),
        )
        return f"{said}{self._say('progress.others', n=len(told.others))}" if told.others else said

    def _who_acts(self) -> str:
        """Who has to do what now; empty once the application has ended."""
        told = self._told
        if told.current is None or told.waits_for is None:
            return ""
        if told.wanted:
            missing = [self._document(each) for each in told.wanted if each.lack is Lack.MISSING]
            again = [self._document(each) for each in told.wanted if each.lack is not Lack.MISSING]
            return self._say("progress.acts.wanted", missing=missing, again=again)
        if told.waits_for is Party.CUSTOMER:
            return self._say("progress.acts.customer", stage=told.current.value)
        return self._say("progress.acts.bank")

    def _document(self, wanted: WantedDocument) -> str:
        return self._say(
            f"progress.wanted.{wanted.lack.value}",
            name=self._say(f"servicing.document.{wanted.kind.value}"),
            reason=wanted.reason,
            expired_on=wanted.expired_on,
        )

    def _buttons(self) -> QuickReplies:
        told, topics = self._told, self._action.colleagues.topics
        human = (self._say("handoff_reply.button"), "/human_agent")
        steps: list[tuple[str, str]] = []
        match told.state:
            case ApplicationState.IN_PROGRESS:
                if not told.is_followed:
                    steps.append(follow_button(self._action, told.application_no))
                steps += [(topics.title(topic), f"/{topic}") for topic in ("materials", "approval_time")]
            case ApplicationState.DISBURSED:
                steps.append(
                    (
                        self._say("progress.loan_button"),
                        payload("balance_query", {"about": "balance", "loan": told.application_no}),
                    )
                )
            case ApplicationState.REJECTED:
                steps += self._ways_on(_AFTER_REFUSAL[told.refusal or Refusal.OTHER])
            case ApplicationState.WITHDRAWN:
                steps += self._ways_on(_AFTER_WITHDRAWAL)
        others = [application_button(self._action, brief) for brief in told.others[:MOST_OTHERS]]
        forget = (self._say("progress.forget_button"), FORGET_PAYLOAD)
        return buttons(*steps, human, forget, *others)

    def _ways_on(self, ways: tuple[str, ...]) -> list[tuple[str, str]]:
        """Buttons of topics (``/topic``) and of calculations (by subject)."""
        topics = self._action.colleagues.topics
        return [
            (topics.title(way[1:]), way)
            if way.startswith("/")
            else (self._say(f"progress.way.{way}"), payload("calc_payment", {"subject": way}))
            for way in ways
        ]

    def _name(self, stage: str) -> str:
        return self._say(f"progress.stage.{stage}")

    def _stage(self, stage: StageProgress) -> Stage:
        return Stage(self._name(stage.stage.value), stage.state.value, self._note(stage))

    def _note(self, stage: StageProgress) -> str:
        match stage.state:
            case StageState.AHEAD | StageState.CURRENT if stage.expected:
                return self._say("progress.note.expected", period=self._period(stage.expected))
            case StageState.DONE | StageState.STOPPED if isinstance(stage.on, date):
                return self._say(f"progress.note.{stage.state.value}", on=stage.on)
            case _:
                return ""

    def _period(self, expected: DateRange | None) -> str:
        if expected is None:
            return ""
        return self._say("progress.period", earliest=expected.earliest, latest=expected.latest)

    def _notes(self) -> tuple[str, ...]:
        told = self._told
        notes = [self._say("progress.note.as_of", on=told.as_of)]
        if told.state is ApplicationState.IN_PROGRESS:
            notes.append(self._say("progress.note.working_days"))
        if told.is_measured:
            notes.append(self._say("progress.note.measured"))
        if told.beyond_known_years:
            notes.append(self._say("progress.note.beyond_known_years"))
        return tuple(notes)
