"""All subjects, in the order in which a message is held against them: the more special ones first."""

from __future__ import annotations

from actions.calculations.model import Subject
from actions.calculations.subjects.payment import Payment
from actions.calculations.subjects.prepayment import Prepayment, Settlement

PAYMENT = Payment()  #: what is meant when a calculation is asked for and nothing more special

SUBJECTS: dict[str, Subject] = {subject.NAME: subject for subject in (Settlement(), Prepayment(), PAYMENT)}
