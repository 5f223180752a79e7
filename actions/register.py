"""The list of all actions: what `domain.yml` names, made with their colleagues."""

from __future__ import annotations

from actions.answers import AnswerAction
from actions.base import TurnAction
from actions.calculations.begin import BeginCalculationAction
from actions.calculations.form import AskCalculationInput, ValidateCalculationForm
from actions.calculations.run import AdjustLastAction, CalculationAction
from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.documents import DocumentsAction, DocumentSentAction
from actions.following import FollowProgressAction
from actions.handoffs import HumanAgentAction
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.my_loan import MyLoanAction
from actions.progress import BeginProgressAction, ProgressAction
from actions.progress_form import AskProgressSlot, ValidateProgressForm
from actions.requests.complaining import ComplaintAction
from actions.requests.form import AskRequestInput, ValidateRequestForm
from actions.requests.status import RequestListAction
from actions.requests.submit import ContinueRequestAction, SubmitRequestAction

ACTIONS: tuple[type[TurnAction], ...] = (
    AdjustLastAction,
    AnswerAction,
    AskCalculationInput,
    AskRequestInput,
    BeginCalculationAction,
    BeginProgressAction,
    CalculationAction,
    CancelAction,
    ClarifyAction,
    ComplaintAction,
    FollowProgressAction,
    DocumentSentAction,
    DocumentsAction,
    ContinueRequestAction,
    HumanAgentAction,
    MyLoanAction,
    NotUnderstoodAction,
    OutOfScopeAction,
    ProgressAction,
    RequestListAction,
    SubmitRequestAction,
    ValidateCalculationForm,
    ValidateProgressForm,
    ValidateRequestForm,
)
PROGRESS_QUESTIONS = ("application_no", "id_last4", "code")


def all_actions(colleagues: Colleagues) -> list[TurnAction]:
    return [
        *(action(colleagues) for action in ACTIONS),
        *(AskProgressSlot(colleagues, slot) for slot in PROGRESS_QUESTIONS),
    ]
