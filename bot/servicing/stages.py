"""Where the known stage ends of an application lead, whatever the order in which they became known."""

from __future__ import annotations

from collections.abc import Iterable

from bot.servicing.model import REFUSABLE, STAGES, START, Outcome, Position, StageEnd


def position_of(ends: Iterable[StageEnd]) -> Position:
    """The position after every end that follows on from the start without a gap.

    An end whose predecessor is not known yet waits, and counts as soon as the gap is filled.
    """
    by_stage = {end.stage: end for end in ends}
    position = START
    for stage in STAGES:
        end = by_stage.get(stage)
        if end is None or position.stage is not stage:
            break
        position = position.after(end.stage, end.outcome)
    return position


def check_fits(end: StageEnd, known: Iterable[StageEnd]) -> None:
    """``ValueError`` says why the end cannot stand beside the known ones.

    A stage ends once; stages end in their order; nothing follows a rejection or a withdrawal. Each of these is a
    matter of two ends, so it does not depend on which of them was told first.
    """
    if end.outcome is Outcome.REJECTED and end.stage not in REFUSABLE:
        raise ValueError(f"an application cannot be rejected at {end.stage.value}")
    for other in known:
        if other.stage is end.stage:
            if other != end:
                raise ValueError(f"{end.stage.value} has ended already ({other.outcome.value})")
            continue
        earlier, later = sorted((end, other), key=lambda one: STAGES.index(one.stage))
        if earlier.outcome is not Outcome.PASSED:
            raise ValueError(f"the application ended at {earlier.stage.value} ({earlier.outcome.value})")
        if later.at < earlier.at:
            raise ValueError(f"{later.stage.value} cannot end before {earlier.stage.value} did")
