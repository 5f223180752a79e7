"""What the bank's core tells: one word is everything it says about one record at one time.

Words are checked here for what can be seen in themselves; what they mean beside other words is the takers' matter.
Money and rates are decimals (as JSON text or number), days are ``YYYY-MM-DD``, times carry their offset.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
    model_validator,
)
from pydantic_core import PydanticCustomError

from bot.lending import Method
from bot.servicing.intake.model import Problem
from bot.servicing.model import (
    DocumentKind,
    DocumentState,
    LoanKind,
    LoanState,
    Outcome,
    Product,
    RateKind,
    Refusal,
    RepaymentKind,
    Stage,
    id_check_digit,
)

FIRST_YEAR, LAST_YEAR = 1950, 2100
MAX_AMOUNT = Decimal("999999999999.99")
MAX_RATE_PCT = Decimal(36)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_TIME = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:Z|[+-][0-9]{2}:[0-9]{2})"
)
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9_/-]{0,31}")
_RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
_OTHER_ID = re.compile(r"[A-Z0-9()]{5,20}")
_PHONE = re.compile(r"1[0-9]{10}|\+[0-9]{6,15}")


def _text(given: Any) -> Any:
    """Text without control characters, halves of characters and blanks at its ends."""
    if isinstance(given, str):
        if any(unicodedata.category(character) in ("Cc", "Cs") for character in given):
            raise PydanticCustomError("text", "control characters")
        return given.strip()
    return given


def _number(given: str) -> str:
    """A number of the core's as it is stored: half-width, upper case, no blanks."""
    plain = "".join(unicodedata.normalize("NFKC", given).split()).upper()
    if not _NUMBER.fullmatch(plain):
        raise PydanticCustomError("record_number", "letters, digits, - _ / only")
    return plain


def _day(given: object) -> date:
    if isinstance(given, str) and _DAY.fullmatch(given.strip()):
        try:
            given = date.fromisoformat(given.strip())
        except ValueError as exc:
            raise PydanticCustomError("day", "no such day") from exc
    if isinstance(given, datetime) or not isinstance(given, date):
        raise PydanticCustomError("day", "YYYY-MM-DD")
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise PydanticCustomError("day", "out of range")
    return given


def _time(given: object) -> datetime:
    if isinstance(given, str) and _TIME.fullmatch(given.strip()):
        try:
            given = datetime.fromisoformat(given.strip())
        except ValueError as exc:
            raise PydanticCustomError("time", "no such time") from exc
    if not isinstance(given, datetime) or given.tzinfo is None:
        raise PydanticCustomError("time", "time with offset")
    if not FIRST_YEAR <= given.year <= LAST_YEAR:
        raise PydanticCustomError("time", "out of range")
    return given.astimezone(UTC)


def _phone(given: str) -> str:
    plain = re.sub(r"[\s()-]", "", unicodedata.normalize("NFKC", given))
    plain = re.sub(r"^(?:\+?86)(?=1[0-9]{10}$)", "", plain)
    if not _PHONE.fullmatch(plain):
        raise PydanticCustomError("phone", "eleven digits or +country number")
    return plain


def _decimal(given: Any) -> Any:
    if isinstance(given, bool) or not isinstance(given, str | int | Decimal):
        raise PydanticCustomError("number", "a decimal number")
    return given


Text = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=200)]
RecordNo = Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=32), AfterValidator(_number)]
Day = Annotated[date, BeforeValidator(_day)]
Time = Annotated[datetime, BeforeValidator(_time)]
Money = Annotated[
    Decimal, BeforeValidator(_decimal), Field(ge=0, le=MAX_AMOUNT, decimal_places=2, allow_inf_nan=False)
]
Owed = Annotated[
    Decimal, BeforeValidator(_decimal), Field(gt=0, le=MAX_AMOUNT, decimal_places=2, allow_inf_nan=False)
]
RatePct = Annotated[
    Decimal, BeforeValidator(_decimal), Field(ge=0, le=MAX_RATE_PCT, decimal_places=4, allow_inf_nan=False)
]


class Resource(StrEnum):
    """What the core tells about; also the names of the routes and of the keys' scopes."""

    CUSTOMERS = "customers"
    APPLICATIONS = "applications"
    STAGES = "stages"
    LOANS = "loans"
    REPAYMENTS = "repayments"
    RATES = "rates"
    DOCUMENTS = "documents"


class Word(BaseModel):
    """Common to all: unknown fields are refused, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    RESOURCE: ClassVar[Resource]


class DatedWord(Word):
    """A word that a newer one replaces and an older one does not."""

    told_at: Time = Field(description="When the core knew this; a word with an older time changes nothing.")


class CustomerWord(DatedWord):
    """A customer. Name, phone and ID number are stored encrypted."""

    RESOURCE = Resource.CUSTOMERS
    customer_no: RecordNo = Field(examples=["KH000187"])
    name: Annotated[str, BeforeValidator(_text), Field(min_length=1, max_length=60)] = Field(
        examples=["王示安"]
    )
    phone: Annotated[str, BeforeValidator(_text), Field(max_length=30), AfterValidator(_phone)] = Field(
        description="Eleven digits, or + and country code.", examples=["10000000187"]
    )
    id_kind: Literal["resident", "other"] = Field("resident", description="other: passport, travel permit.")
    id_number: Annotated[str, BeforeValidator(_text), Field(max_length=30)] = Field(
        description="Resident ID with its check digit.", examples=["990000199003074217"]
    )
    is_valued: bool = Field(False, description="The bank asks for personal service.")

    @model_validator(mode="after")
    def _id_number_holds(self) -> Self:
        plain = self.plain_id_number
        if self.id_kind == "resident":
            if not _RESIDENT.fullmatch(plain) or plain[-1] != id_check_digit(plain[:17]):
                raise PydanticCustomError("id_number", "check digit", {"field": "id_number"})
        elif not _OTHER_ID.fullmatch(plain):
            raise PydanticCustomError("id_number", "5 to 20 letters and digits", {"field": "id_number"})
        return self

    @property
    def plain_id_number(self) -> str:
        return "".join(unicodedata.normalize("NFKC", self.id_number).split()).upper()


class ApplicationWord(DatedWord):
    """An application. Where it stands is told by its stages alone."""

    RESOURCE = Resource.APPLICATIONS
    application_no: RecordNo = Field(examples=["FX2026120187"])
    customer_no: RecordNo = Field(examples=["KH000187"])
    product: Product = Field(examples=["commercial"])
    amount: Owed = Field(description="Yuan.", examples=["1200000.00"])
    term_months: int = Field(ge=1, le=480, examples=[360])
    submitted_at: Time = Field(examples=["2026-11-20T09:30:00+08:00"])


class StageWord(Word):
    """A stage that ended."""

    RESOURCE = Resource.STAGES
    application_no: RecordNo = Field(examples=["FX2026120187"])
    stage: Stage = Field(examples=["document_check"])
    outcome: Outcome = Field(examples=["passed"])
    at: Time = Field(description="When it ended.", examples=["2026-11-21T16:00:00+08:00"])
    refusal: Refusal | None = Field(None, description="Why, for the outcome rejected.")

    @model_validator(mode="after")
    def _only_a_rejection_has_a_reason(self) -> Self:
        if self.refusal is not None and self.outcome is not Outcome.REJECTED:
            raise PydanticCustomError("refusal_without_rejection", "refusal", {"field": "refusal"})
        return self


class LoanWord(DatedWord):
    """A loan as it stands."""

    RESOURCE = Resource.LOANS
    loan_no: RecordNo = Field(examples=["DK2026120187"])
    application_no: RecordNo = Field(examples=["FX2026120187"])
    kind: LoanKind = Field(
        LoanKind.COMMERCIAL,
        description="Which part of a combined loan; the loan of a provident-fund application is always the fund's.",
        examples=["commercial"],
    )
    state: LoanState = LoanState.RUNNING
    principal: Owed = Field(examples=["1200000.00"])
    balance: Money = Field(examples=["1198000.00"])
    annual_rate_pct: RatePct = Field(description="Per cent a year.", examples=["3.05"])
    term_months: int = Field(ge=1, le=480, examples=[360])
    method: Method = Field(examples=["equal_instalment"])
    rate_kind: RateKind = Field(RateKind.FLOATING, examples=["floating"])
    spread_bp: int | None = Field(
        None, ge=-1000, le=1000, description="Over the LPR; none if the rate does not float over it."
    )
    repayment_day: int = Field(ge=1, le=28, examples=[15])
    account_tail: Annotated[str, BeforeValidator(_text), Field(pattern=r"^[0-9]{4}$")] = Field(
        examples=["0187"]
    )
    first_due: Day = Field(examples=["2027-01-15"])
    paid_out_on: Day | None = Field(None, examples=["2026-12-10"])
    repricing_month: int | None = Field(None, ge=1, le=12, examples=[1])
    repricing_day: int | None = Field(None, ge=1, le=31, examples=[1])
    repricing_cycle_months: int | None = Field(None, ge=1, le=120, examples=[12])
    arrears_amount: Money = Field(Decimal(0), examples=["0"])
    arrears_since: Day | None = None

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        def refuse(code: str, field: str) -> None:
            raise PydanticCustomError(code, code, {"field": field})

        if self.balance > self.principal:
            refuse("balance_above_principal", "balance")
        if self.state is LoanState.SETTLED and (self.balance or self.arrears_amount):
            refuse("settled_owes_nothing", "balance")
        if bool(self.arrears_amount) != (self.arrears_since is not None):
            refuse("arrears_need_both", "arrears_since")
        if self.rate_kind is RateKind.FIXED and self.spread_bp is not None:
            refuse("fixed_has_no_spread", "spread_bp")
        if self.paid_out_on is not None and self.paid_out_on > self.first_due:
            refuse("due_before_paid_out", "first_due")
        return self


class RepaymentWord(DatedWord):
    """Money that came in on a loan, or an instalment that fell due and was not paid."""

    RESOURCE = Resource.REPAYMENTS
    loan_no: RecordNo = Field(examples=["DK2026120187"])
    kind: RepaymentKind = Field(RepaymentKind.INSTALMENT, examples=["instalment"])
    due_on: Day = Field(examples=["2027-01-15"])
    paid_on: Day | None = Field(None, description="None: not paid.", examples=["2027-01-15"])
    principal: Money = Field(examples=["2042.50"])
    interest: Money = Field(examples=["3050.00"])
    penalty: Money = Field(Decimal(0), examples=["0"])
    balance_after: Money | None = Field(None, examples=["1197957.50"])

    @model_validator(mode="after")
    def _what_came_in_has_a_day(self) -> Self:
        if self.kind is not RepaymentKind.INSTALMENT and self.paid_on is None:
            raise PydanticCustomError("paid_on_needed", "paid_on", {"field": "paid_on"})
        return self


class RateWord(DatedWord):
    """The rate that a loan bears from a day on."""

    RESOURCE = Resource.RATES
    loan_no: RecordNo = Field(examples=["DK2026120187"])
    effective_on: Day = Field(examples=["2027-01-01"])
    annual_rate_pct: RatePct = Field(description="Per cent a year.", examples=["3.05"])


class LprWord(Word):
    """A published LPR: it becomes a dated policy fact."""

    RESOURCE = Resource.RATES
    lpr: Literal["one_year", "over_5y"] = Field(examples=["over_5y"])
    effective_on: Day = Field(examples=["2026-12-21"])
    annual_rate_pct: Annotated[
        Decimal,
        BeforeValidator(_decimal),
        Field(gt=0, le=MAX_RATE_PCT, decimal_places=2, allow_inf_nan=False),
    ] = Field(examples=["3.50"])


class DocumentWord(DatedWord):
    """A document that an application needs, or has."""

    RESOURCE = Resource.DOCUMENTS
    application_no: RecordNo = Field(examples=["FX2026120187"])
    kind: DocumentKind = Field(examples=["statement"])
    state: DocumentState = Field(examples=["missing"])
    is_required: bool = True
    issued_on: Day | None = None
    valid_until: Day | None = None
    months_covered: int | None = Field(None, ge=1, le=120)
    reason: Text | None = Field(None, description="Why it was refused, in words for the customer.")


WORDS: dict[Resource, type[Word]] = {
    word.RESOURCE: word
    for word in (
        CustomerWord,
        ApplicationWord,
        StageWord,
        LoanWord,
        RepaymentWord,
        RateWord,
        DocumentWord,
    )
}

#: What pydantic calls a fault, in our words.
_CODES = {
    "missing": "missing",
    "extra_forbidden": "unknown_field",
    "enum": "not_one_of",
    "literal_error": "not_one_of",
    "decimal_max_places": "too_many_places",
    "greater_than": "out_of_range",
    "greater_than_equal": "out_of_range",
    "less_than": "out_of_range",
    "less_than_equal": "out_of_range",
    "string_too_short": "missing",
    "string_too_long": "too_long",
    "string_type": "text",
    "string_pattern_mismatch": "pattern",
    "bool_parsing": "yes_or_no",
    "bool_type": "yes_or_no",
}
#: Our own names for faults, which need no translation.
_OURS = frozenset(
    {
        "arrears_need_both",
        "balance_above_principal",
        "day",
        "due_before_paid_out",
        "fixed_has_no_spread",
        "id_number",
        "number",
        "paid_on_needed",
        "phone",
        "record_number",
        "refusal_without_rejection",
        "settled_owes_nothing",
        "text",
        "time",
    }
)
_LIMITS = ("gt", "ge", "lt", "le", "decimal_places", "max_length", "expected")
_NUMERIC = ("int_", "decimal_", "finite_number")


def read_word(resource: Resource, given: object, told_at: datetime) -> Word | tuple[Problem, ...]:
    """The word, or everything that is wrong with it. ``told_at`` is taken where the word does not say."""
    if not isinstance(given, dict):
        return (Problem("", "not_an_object"),)
    kind: type[Word] = LprWord if resource is Resource.RATES and "lpr" in given else WORDS[resource]
    if "told_at" in kind.model_fields and given.get("told_at") is None:
        given = {**given, "told_at": told_at}
    try:
        return kind.model_validate(given)
    except ValidationError as exc:
        return tuple(_problem(error) for error in exc.errors(include_url=False, include_input=False))


def _problem(error: Any) -> Problem:
    """One fault without the value that has it, which may identify a person."""
    context = error.get("ctx") or {}
    name = str(error["loc"][0]) if error["loc"] else str(context.get("field", ""))
    kind: str = error["type"]
    code = _CODES.get(kind, kind if kind in _OURS else "invalid")
    if kind.startswith(_NUMERIC) and kind not in _CODES:
        code = "number"
    values = {key: str(context[key]) for key in _LIMITS if key in context}
    return Problem(name[:60] if code != "unknown_field" else _named(name), code, values)


def _named(field: str) -> str:
    """A field name of the sender's own making, fit to be printed."""
    return "".join(character for character in field if character.isprintable())[:60]
