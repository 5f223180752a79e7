"""The list of all actions: what `domain.yml` names, made with their colleagues."""

from __future__ import annotations

from actions.answers import AnswerAction
from actions.base import TurnAction
from actions.cancel import CancelAction
from actions.colleagues import Colleagues
from actions.handoffs import ComplaintAction, HumanAgentAction
from actions.misses import ClarifyAction, NotUnderstoodAction, OutOfScopeAction
from actions.payment import AdjustLastAction, BeginPaymentAction, PaymentAction
from actions.payment_form import AskPaymentSlot, ValidatePaymentForm
from actions.progress import BeginProgressAction, ProgressAction
from actions.progress_form import AskProgressSlot, ValidateProgressForm

ACTIONS: tuple[type[TurnAction], ...] = (
    AdjustLastAction,
    AnswerAction,
    BeginPaymentAction,
    BeginProgressAction,
    CancelAction,
    ClarifyAction,
    ComplaintAction,
    HumanAgentAction,
    NotUnderstoodAction,
    OutOfScopeAction,
    PaymentAction,
    ProgressAction,
    ValidatePaymentForm,
    ValidateProgressForm,
)
PAYMENT_QUESTIONS = ("principal", "term_months", "annual_rate", "method")
PROGRESS_QUESTIONS = ("application_no", "id_last4", "code")


def all_actions(colleagues: Colleagues) -> list[TurnAction]:
    return [
        *(action(colleagues) for action in ACTIONS),
        *(AskPaymentSlot(colleagues, slot) for slot in PAYMENT_QUESTIONS),
        *(AskProgressSlot(colleagues, slot) for slot in PROGRESS_QUESTIONS),
    ]
