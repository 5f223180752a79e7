"""Tells a verified customer where the application stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from actions.base import CALCULATION_SLOTS, SECRET_SLOTS, Outcome, TurnAction, buttons, empty, understood
from actions.calculations.catalogue import SUBJECTS
from actions.calculations.model import Values
from actions.calculations.run import from_record
from actions.calculations.state import FOR_IT, Asked
from actions.calculations.state import FORM as CALCULATION_FORM
from actions.progress_form import FORM
from actions.turn import Turn
from bot.messages import Stage, Stages
from bot.servicing.errors import NotVerified
from bot.servicing.model import ApplicationState, DateRange, Progress, StageProgress, StageState


class BeginProgressAction(TurnAction):
    """Opens the way to the progress form; another form that was open is left."""

    NAME = "action_begin_progress"

    async def act(self, turn: Turn) -> Outcome:
        dropped = () if turn.value(FOR_IT) else CALCULATION_SLOTS
        return Outcome(
            slots=understood(**empty(dropped), **empty(SECRET_SLOTS)),
            ends_form=turn.active_loop not in (None, FORM),
        )


class ProgressAction(TurnAction):
    """Shows the stages, and says what comes next and when."""

    NAME = "action_progress"

    async def act(self, turn: Turn) -> Outcome:
        application_no = turn.slots.get("application_no")
        if not application_no:
            return Outcome()  # the form ended without a verified number, and has said why
        try:
            progress = await self.colleagues.servicing.progress(turn.conversation_id, application_no)
        except NotVerified:
            return Outcome((self.text("progress.verify_again"),), next_action=FORM)
        asked = Asked.of(turn, SUBJECTS)
        if asked is not None:
            return await self._back_to(asked, turn)
        return Outcome(
            (
                self.text(
                    f"progress.now.{progress.state.value}",
                    application_no=progress.application_no,
                    stage=self._name(progress.current.value) if progress.current else "",
                    next=self._name(progress.next.value) if progress.next else "",
                    since=progress.since,
                    ended_on=progress.ended_on,
                    step=self._period(progress.step_expected),
                    decision=self._period(progress.decision_expected),
                    disbursement=self._period(progress.disbursement_expected),
                    is_late=progress.is_late,
                ),
                Stages(
                    self.say("progress.title", application_no=progress.application_no),
                    tuple(self._stage(stage) for stage in progress.stages),
                    self._notes(progress),
                ),
                buttons(
                    (self.colleagues.topics.title("materials"), "/materials"),
                    (self.colleagues.topics.title("approval_time"), "/approval_time"),
                    (self.say("handoff_reply.button"), "/human_agent"),
                ),
            ),
            understood(**empty(SECRET_SLOTS)),
        )

    async def _back_to(self, asked: Asked, turn: Turn) -> Outcome:
        """The check was made for a calculation, which now goes on with the loan on record."""
        recorded = await from_record(self, turn, asked.subject)
        phrase = "calculation.record_found" if recorded else "calculation.record_missing"
        values = Values({**asked.values, **recorded})
        return Outcome(
            (self.text(phrase),),
            understood(
                **empty(SECRET_SLOTS), calculation=replace(asked, values=values, refused=None).to_slot()
            ),
            next_action=CALCULATION_FORM,
        )

    def _name(self, stage: str) -> str:
        return self.say(f"progress.stage.{stage}")

    def _stage(self, stage: StageProgress) -> Stage:
        return Stage(self._name(stage.stage.value), stage.state.value, self._note(stage))

    def _note(self, stage: StageProgress) -> str:
        match stage.state:
            case StageState.AHEAD | StageState.CURRENT if stage.expected:
                return self.say("progress.note.expected", period=self._period(stage.expected))
            case StageState.DONE | StageState.STOPPED if isinstance(stage.on, date):
                return self.say(f"progress.note.{stage.state.value}", on=stage.on)
            case _:
                return ""

    def _period(self, expected: DateRange | None) -> str:
        if expected is None:
            return ""
        return self.say("progress.period", earliest=expected.earliest, latest=expected.latest)

    def _notes(self, progress: Progress) -> tuple[str, ...]:
        notes = [self.say("progress.note.as_of", on=progress.as_of)]
        if progress.state is ApplicationState.IN_PROGRESS:
            notes.append(self.say("progress.note.working_days"))
        if progress.beyond_known_years:
            notes.append(self.say("progress.note.beyond_known_years"))
        return tuple(notes)
