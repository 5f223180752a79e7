"""All subjects, in the order in which a message is held against them: the more special ones first."""

from __future__ import annotations

from actions.calculations.model import Subject
from actions.calculations.subjects.affordability import Affordability
from actions.calculations.subjects.down_payment import DownPayment
from actions.calculations.subjects.max_term import MaxTerm
from actions.calculations.subjects.payment import Payment
from actions.calculations.subjects.required_income import RequiredIncome
from actions.calculations.subjects.stress import Stress

PAYMENT = Payment()  #: what is meant when a calculation is asked for and nothing more special

SUBJECTS: dict[str, Subject] = {
    subject.NAME: subject
    for subject in (Stress(), RequiredIncome(), MaxTerm(), DownPayment(), Affordability(), PAYMENT)
}
