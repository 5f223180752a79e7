"""The list of all actions: what `domain.yml` names, made with their colleagues."""

from __future__ import annotations

from actions.answers import AnswerAction
from actions.base import TurnAction
from actions.calculations.begin import BeginCalculationAction
from actions.calculations.form import AskCalculationInput, ValidateCalculationForm
from actions.calculations.run import AdjustLastAction, CalculationAction
from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.handoffs import ComplaintAction, HumanAgentAction
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.progress import BeginProgressAction, ProgressAction
from actions.progress_form import AskProgressSlot, ValidateProgressForm

ACTIONS: tuple[type[TurnAction], ...] = (
    AdjustLastAction,
    AnswerAction,
    AskCalculationInput,
    BeginCalculationAction,
    BeginProgressAction,
    CalculationAction,
    CancelAction,
    ClarifyAction,
    ComplaintAction,
    HumanAgentAction,
    NotUnderstoodAction,
    OutOfScopeAction,
    ProgressAction,
    ValidateCalculationForm,
    ValidateProgressForm,
)
PROGRESS_QUESTIONS = ("application_no", "id_last4", "code")


def all_actions(colleagues: Colleagues) -> list[TurnAction]:
    return [
        *(action(colleagues) for action in ACTIONS),
        *(AskProgressSlot(colleagues, slot) for slot in PROGRESS_QUESTIONS),
    ]
