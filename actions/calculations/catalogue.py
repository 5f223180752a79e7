"""All subjects, in the order in which a message is held against them: the more special ones first."""

from __future__ import annotations

from actions.calculations.model import Subject
from actions.calculations.subjects.affordability import Affordability
from actions.calculations.subjects.combination import Combination
from actions.calculations.subjects.day_change import DayChange
from actions.calculations.subjects.deed_tax import DeedTax
from actions.calculations.subjects.documents_check import DocumentsCheck
from actions.calculations.subjects.down_payment import DownPayment
from actions.calculations.subjects.extension import Extension
from actions.calculations.subjects.fund_conversion import FundConversion
from actions.calculations.subjects.fund_vs_commercial import FundVsCommercial
from actions.calculations.subjects.hardship_plan import HardshipPlan
from actions.calculations.subjects.interest_deduction import InterestDeduction
from actions.calculations.subjects.interest_only import InterestOnly
from actions.calculations.subjects.max_term import MaxTerm
from actions.calculations.subjects.method_change import MethodChanged
from actions.calculations.subjects.needs import Needs
from actions.calculations.subjects.overdue import Overdue
from actions.calculations.subjects.payment import Payment
from actions.calculations.subjects.prepayment import Prepayment, Settlement
from actions.calculations.subjects.rate_bands import RateBands
from actions.calculations.subjects.rate_change import RateChange
from actions.calculations.subjects.reduced_payment import ReducedPayment
from actions.calculations.subjects.repricing_month import RepricingMonth
from actions.calculations.subjects.required_income import RequiredIncome
from actions.calculations.subjects.spread_review import SpreadReview
from actions.calculations.subjects.stress import Stress
from actions.calculations.subjects.subsidy import Subsidy, SubsidyCheck

PAYMENT = Payment()  #: what is meant when a calculation is asked for and nothing more special

_IN_ORDER: tuple[Subject, ...] = (
    HardshipPlan(),
    DocumentsCheck(),
    Needs(),
    SubsidyCheck(),
    Subsidy(),
    InterestDeduction(),
    DeedTax(),
    Overdue(),
    FundConversion(),
    Combination(),
    FundVsCommercial(),
    Stress(),
    RequiredIncome(),
    MaxTerm(),
    DownPayment(),
    Affordability(),
    DayChange(),
    Settlement(),
    Prepayment(),
    InterestOnly(),
    ReducedPayment(),
    Extension(),
    MethodChanged(),
    SpreadReview(),
    RepricingMonth(),
    RateBands(),
    RateChange(),
    PAYMENT,
)

SUBJECTS: dict[str, Subject] = {subject.NAME: subject for subject in _IN_ORDER}
