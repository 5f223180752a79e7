"""What is on record, as a paper: the repayments of a loan, and the stations of an application."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.messages import Stage, Stages
from bot.papers.errors import PaperImpossible

STAGE_STATES = ("done", "current", "ahead", "stopped")


@dataclass(frozen=True, kw_only=True)
class HistoryLine:
    """Money that came in, or an instalment that fell due and was not paid (``paid_on`` is None)."""

    kind: str  #: instalment, prepayment or settlement
    due_on: date
    paid_on: date | None
    principal: Decimal
    interest: Decimal
    penalty: Decimal
    balance: Decimal | None


@dataclass(frozen=True, kw_only=True)
class HistoryPaper:
    """All repayments of one loan, oldest first, as a spreadsheet."""

    number: str  #: of the loan
    made_on: date
    lines: tuple[HistoryLine, ...]
    known_from: date | None = None  #: the record begins later than the loan

    def __post_init__(self) -> None:
        if not self.lines:
            raise PaperImpossible("a history without a line")


@dataclass(frozen=True)
class StagesPaper:
    """The stations of an application as a picture."""

    stages: Stages

    def __post_init__(self) -> None:
        if not self.stages.stages:
            raise PaperImpossible("an application without stations")
        for stage in self.stages.stages:
            if stage.state not in STAGE_STATES:
                raise PaperImpossible(f"no such state: {stage.state!r}")


def history_to_wire(paper: HistoryPaper) -> dict[str, Any]:
    """Lines as bare lists, since a loan of thirty years has hundreds."""
    wire: dict[str, Any] = {
        "kind": "history",
        "number": paper.number,
        "made_on": paper.made_on.isoformat(),
        "lines": [
            [
                line.kind,
                line.due_on.isoformat(),
                line.paid_on.isoformat() if line.paid_on else None,
                f"{line.principal:f}",
                f"{line.interest:f}",
                f"{line.penalty:f}",
                None if line.balance is None else f"{line.balance:f}",
            ]
            for line in paper.lines
        ],
    }
    return wire | ({"known_from": paper.known_from.isoformat()} if paper.known_from else {})


def history_from_wire(wire: Mapping[str, Any]) -> HistoryPaper:
    known_from = wire.get("known_from")
    return HistoryPaper(
        number=str(wire["number"]),
        made_on=date.fromisoformat(wire["made_on"]),
        lines=tuple(
            HistoryLine(
                kind=str(kind),
                due_on=date.fromisoformat(due_on),
                paid_on=date.fromisoformat(paid_on) if paid_on else None,
                principal=Decimal(principal),
                interest=Decimal(interest),
                penalty=Decimal(penalty),
                balance=None if balance is None else Decimal(balance),
            )
            for kind, due_on, paid_on, principal, interest, penalty, balance in wire["lines"]
        ),
        known_from=date.fromisoformat(known_from) if known_from else None,
    )


def stages_to_wire(paper: StagesPaper) -> dict[str, Any]:
    return {**asdict(paper.stages), "kind": "stages"}


def stages_from_wire(wire: Mapping[str, Any]) -> StagesPaper:
    stages = tuple(
        Stage(str(stage["name"]), stage["state"], str(stage.get("note", ""))) for stage in wire["stages"]
    )
    return StagesPaper(Stages(str(wire["title"]), stages, tuple(map(str, wire.get("notes", ())))))
