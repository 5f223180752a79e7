"""All subjects, in the order in which a message is held against them: the more special ones first."""

from __future__ import annotations

from actions.calculations.model import Subject
from actions.calculations.subjects.combination import Combination
from actions.calculations.subjects.deed_tax import DeedTax
from actions.calculations.subjects.fund_conversion import FundConversion
from actions.calculations.subjects.fund_vs_commercial import FundVsCommercial
from actions.calculations.subjects.interest_deduction import InterestDeduction
from actions.calculations.subjects.overdue import Overdue
from actions.calculations.subjects.payment import Payment
from actions.calculations.subjects.subsidy import Subsidy, SubsidyCheck

PAYMENT = Payment()  #: what is meant when a calculation is asked for and nothing more special

SUBJECTS: dict[str, Subject] = {
    subject.NAME: subject
    for subject in (
        SubsidyCheck(),
        Subsidy(),
        InterestDeduction(),
        DeedTax(),
        Overdue(),
        FundConversion(),
        Combination(),
        FundVsCommercial(),
        PAYMENT,
    )
}
