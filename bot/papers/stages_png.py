"""The stations of an application as a picture, for platforms that show none: from top to bottom, as on a phone."""

from __future__ import annotations

import io
from pathlib import Path
from typing import TYPE_CHECKING

from bot.messages import Stage, Stages
from bot.papers.chart_png import DOTS_PER_INCH, INK, LINE, SOFT, drawing, font

if TYPE_CHECKING:  # matplotlib is loaded with the first picture, not with the service
    from matplotlib.axes import Axes

WIDTH = 1000  # dots
MARGIN, TITLE_HEIGHT, STATION_HEIGHT = 60, 130, 106
NOTE_GAP, NOTE_LINE = 30, 36
DOT_X, TEXT_X, RADIUS = 92, 150, 22
TITLE, NAME, NOTE, SMALL = 27, 23, 19, 16  # points
GREEN, AMBER, RED, GREY = "#1b7f6d", "#b26a14", "#b0524b", "#c9d1d6"
COLOURS = {"done": GREEN, "current": AMBER, "ahead": GREY, "stopped": RED}
SMALL_PRINT = 38  #: characters in a line of the small print
STATION_NOTE = 31  #: characters of a station's note in a line


def stages_png(stages: Stages, cache: Path | None = None) -> bytes:
    """The stations as a PNG, as high as they need. ``cache`` as for `chart_png`."""
    with drawing(cache):
        return _drawn(stages)


def _drawn(stages: Stages) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    notes = [line for note in stages.notes for line in _wrapped(note, SMALL_PRINT)]
    below = NOTE_GAP + NOTE_LINE * len(notes) if notes else 0
    height = TITLE_HEIGHT + STATION_HEIGHT * len(stages.stages) + below + MARGIN // 2
    figure = Figure(figsize=(WIDTH / DOTS_PER_INCH, height / DOTS_PER_INCH), dpi=DOTS_PER_INCH)
    figure.set_facecolor("white")
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(height, 0)
    axes.axis("off")
    axes.text(MARGIN, MARGIN, stages.title, color=INK, va="center", fontproperties=font(TITLE))
    for number, stage in enumerate(stages.stages):
        y = TITLE_HEIGHT + STATION_HEIGHT * number + STATION_HEIGHT // 3
        if number + 1 < len(stages.stages):
            is_behind = stage.state == "done"
            axes.plot(
                [DOT_X, DOT_X],
                [y + RADIUS, y + STATION_HEIGHT - RADIUS],
                color=GREEN if is_behind else LINE,
                linewidth=4,
                zorder=1,
            )
        _station(axes, stage, y)
    top = TITLE_HEIGHT + STATION_HEIGHT * len(stages.stages) + NOTE_GAP
    for number, line in enumerate(notes):
        axes.text(MARGIN, top + NOTE_LINE * number, line, color=SOFT, va="center", fontproperties=font(SMALL))
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _station(axes: Axes, stage: Stage, y: int) -> None:
    from matplotlib.patches import Circle

    colour = COLOURS[stage.state]
    is_filled = stage.state != "ahead"
    axes.add_patch(
        Circle(
            (DOT_X, y),
            RADIUS,
            facecolor=colour if is_filled else "white",
            edgecolor=colour,
            linewidth=4,
            zorder=2,
        )
    )
    sign = _SIGNS.get(stage.state)
    for xs, ys in sign or ():
        axes.plot(
            [DOT_X + x for x in xs],
            [y + dy for dy in ys],
            color="white",
            linewidth=4.5,
            solid_capstyle="round",
            solid_joinstyle="round",
            zorder=3,
        )
    ahead = stage.state == "ahead"
    axes.text(TEXT_X, y, stage.name, color=SOFT if ahead else INK, va="center", fontproperties=font(NAME))
    for number, line in enumerate(_wrapped(stage.note, STATION_NOTE)):
        axes.text(
            TEXT_X,
            y + 42 + 30 * number,
            line,
            color=colour if stage.state in ("current", "stopped") else SOFT,
            va="center",
            fontproperties=font(NOTE - 1),
        )


#: A tick, a dot and a cross, so that the states are told apart without colours too.
_SIGNS: dict[str, tuple[tuple[tuple[float, ...], tuple[float, ...]], ...]] = {
    "done": (((-10, -3, 11), (1, 8, -8)),),
    "current": (((0, 0), (-11, 1)), ((0, 9), (1, 6))),
    "stopped": (((-8, 8), (-8, 8)), ((-8, 8), (8, -8))),
}


def _wrapped(text: str, width: int) -> list[str]:
    """The text in lines of at most ``width`` Chinese characters; a narrow one counts half."""
    lines, line, used = [], "", 0.0
    for character in text:
        wide = 0.55 if character.isascii() else 1.0
        if used + wide > width and line:
            lines.append(line)
            line, used = "", 0.0
        line += character
        used += wide
    return [*lines, line] if line else lines
