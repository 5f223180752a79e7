"""What a paper is made from: small enough to travel in its address, complete enough to make it again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any

from bot.lending import DueDates, LendingError, Loan, Method, YearBasis
from bot.messages import Chart
from bot.papers.errors import PaperImpossible
from bot.papers.record import (
    HistoryPaper,
    StagesPaper,
    history_from_wire,
    history_to_wire,
    stages_from_wire,
    stages_to_wire,
)

CHART_TYPES = ("stacked_area", "lines", "bars")


class Format(str, Enum):
    XLSX = "xlsx"
    PDF = "pdf"


@dataclass(frozen=True)
class PlannedLoan:
    """A loan to be put on a schedule, dated when ``due`` is given; ``name`` tells it from its neighbours."""

    loan: Loan
    due: DueDates | None = None
    name: str = ""


@dataclass(frozen=True)
class SchedulePaper:
    """The repayment schedule of one loan, or the common calendar of several; either all are dated or none."""

    loans: tuple[PlannedLoan, ...]
    format: Format
    made_on: date
    notes: tuple[str, ...] = ()  #: what the figures rest on, beside what holds for every schedule

    def __post_init__(self) -> None:
        if not self.loans:
            raise PaperImpossible("a schedule without a loan")
        if len({planned.due is None for planned in self.loans}) > 1:
            raise PaperImpossible("some loans have due dates and some have none")


@dataclass(frozen=True)
class ChartPaper:
    """A chart as a picture."""

    chart: Chart

    def __post_init__(self) -> None:
        if self.chart.type not in CHART_TYPES:
            raise PaperImpossible(f"no such chart: {self.chart.type!r}")
        if not self.chart.labels or not self.chart.series:
            raise PaperImpossible("a chart without figures")
        for name, values in self.chart.series.items():
            if len(values) != len(self.chart.labels):
                raise PaperImpossible(f"{name}: {len(values)} values for {len(self.chart.labels)} labels")
            if not all(Decimal(value).is_finite() for value in values):
                raise PaperImpossible(f"{name}: not a number")


@dataclass(frozen=True)
class Section:
    """A part of a summary: its heading, labelled values, paragraphs, and a table whose first line names its columns."""

    heading: str
    facts: tuple[tuple[str, str], ...] = ()
    paragraphs: tuple[str, ...] = ()
    table: tuple[tuple[str, ...], ...] = ()

    def __post_init__(self) -> None:
        if len({len(line) for line in self.table}) > 1:
            raise PaperImpossible(f"{self.heading}: lines of different length")


@dataclass(frozen=True)
class SummaryPaper:
    """What a conversation came to, in words that the customer keeps."""

    title: str
    made_on: date
    says: str  #: the outcome in a sentence or two
    sections: tuple[Section, ...]
    notes: tuple[str, ...] = ()
    chart: Chart | None = None

    def __post_init__(self) -> None:
        if self.chart is not None:
            ChartPaper(self.chart)


Spec = SchedulePaper | ChartPaper | SummaryPaper | HistoryPaper | StagesPaper


def spec_to_wire(spec: Spec) -> dict[str, Any]:
    """The JSON object of a spec; what is not said is left out."""
    match spec:
        case ChartPaper(chart):
            return {"kind": "chart", **asdict(chart)}
        case SummaryPaper():
            return _summary_to_wire(spec)
        case HistoryPaper():
            return history_to_wire(spec)
        case StagesPaper():
            return stages_to_wire(spec)
        case SchedulePaper():
            wire: dict[str, Any] = {
                "kind": "schedule",
                "format": spec.format.value,
                "made_on": spec.made_on.isoformat(),
                "loans": [_loan_to_wire(planned) for planned in spec.loans],
            }
            return wire | ({"notes": list(spec.notes)} if spec.notes else {})


def spec_from_wire(wire: Any) -> Spec:
    """The spec of a JSON object; ``PaperImpossible`` when it is none."""
    try:
        match wire["kind"]:
            case "chart":
                return ChartPaper(_chart_from_wire(wire))
            case "summary":
                return _summary_from_wire(wire)
            case "history":
                return history_from_wire(wire)
            case "stages":
                return stages_from_wire(wire)
            case "schedule":
                return SchedulePaper(
                    loans=tuple(map(_loan_from_wire, wire["loans"])),
                    format=Format(wire["format"]),
                    made_on=date.fromisoformat(wire["made_on"]),
                    notes=tuple(map(str, wire.get("notes", ()))),
                )
            case kind:
                raise PaperImpossible(f"no such paper: {kind!r}")
    except (KeyError, TypeError, AttributeError, ValueError, InvalidOperation, LendingError) as exc:
        raise PaperImpossible(f"malformed paper: {exc}") from exc


def _chart_from_wire(wire: Mapping[str, Any]) -> Chart:
    series = {str(name): tuple(map(str, values)) for name, values in wire["series"].items()}
    return Chart(wire["type"], str(wire["title"]), tuple(map(str, wire["labels"])), series)


def _summary_to_wire(paper: SummaryPaper) -> dict[str, Any]:
    wire: dict[str, Any] = {
        "kind": "summary",
        "title": paper.title,
        "made_on": paper.made_on.isoformat(),
        "says": paper.says,
        "sections": [
            {name: value for name, value in asdict(section).items() if value} for section in paper.sections
        ],
    }
    if paper.notes:
        wire["notes"] = list(paper.notes)
    return wire | ({"chart": asdict(paper.chart)} if paper.chart else {})


def _summary_from_wire(wire: Mapping[str, Any]) -> SummaryPaper:
    return SummaryPaper(
        str(wire["title"]),
        date.fromisoformat(wire["made_on"]),
        str(wire["says"]),
        tuple(map(_section_from_wire, wire["sections"])),
        tuple(map(str, wire.get("notes", ()))),
        _chart_from_wire(wire["chart"]) if "chart" in wire else None,
    )


def _section_from_wire(wire: Mapping[str, Any]) -> Section:
    return Section(
        str(wire.get("heading", "")),
        tuple((str(label), str(value)) for label, value in wire.get("facts", ())),
        tuple(map(str, wire.get("paragraphs", ()))),
        tuple(tuple(map(str, line)) for line in wire.get("table", ())),
    )


def _loan_to_wire(planned: PlannedLoan) -> dict[str, Any]:
    loan, due = planned.loan, planned.due
    wire: dict[str, Any] = {
        "principal": f"{loan.principal:f}",
        "annual_rate": f"{loan.annual_rate:f}",
        "term_months": loan.term_months,
        "method": loan.method.value,
    }
    if planned.name:
        wire["name"] = planned.name
    if due is None:
        return wire
    wire["first_due"] = due.first_due.isoformat()
    if due.day != due.first_due.day:
        wire["day"] = due.day
    if due.start is not None:
        wire |= {"start": due.start.isoformat(), "basis": int(due.basis)}
    if due.is_daily:
        wire["is_daily"] = True
    return wire


def _loan_from_wire(wire: Mapping[str, Any]) -> PlannedLoan:
    due = None
    if "first_due" in wire:
        first_due = date.fromisoformat(wire["first_due"])
        due = DueDates(
            first_due,
            day=int(wire.get("day", first_due.day)),
            start=date.fromisoformat(wire["start"]) if "start" in wire else None,
            basis=YearBasis(wire.get("basis", YearBasis.ACTUAL_360)),
            is_daily=bool(wire.get("is_daily", False)),
        )
    loan = Loan(
        Decimal(wire["principal"]),
        Decimal(wire["annual_rate"]),
        int(wire["term_months"]),
        Method(wire["method"]),
    )
    return PlannedLoan(loan, due, str(wire.get("name", "")))
