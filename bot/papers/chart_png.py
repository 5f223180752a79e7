"""Charts as pictures, for platforms that show none: what the web draws, large enough for a phone."""

from __future__ import annotations

import io
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from bot.knowledge.formatting import yuan
from bot.messages import Chart
from bot.papers.typeface import typeface_file

if TYPE_CHECKING:  # matplotlib is loaded with the first picture, not with the service
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

COLOURS = ("#1b7f6d", "#e0a458", "#4a7ebb", "#b8605a")  # those of the web
INK, SOFT, LINE = "#1d2a33", "#45525f", "#e2e8e6"
DOTS_PER_INCH = 100
SIZE = (10.0, 7.5)  # inches: 1000 × 750 dots
TITLE, LEGEND, AXIS = 25, 21, 19  # points; a phone shows the picture at 40 % of its size
MOST_LABELS = 6  #: more would run into each other
MOST_FIGURES = 10  #: bars beyond which their figures are left out

_drawing = Lock()  # matplotlib shares its fonts between figures and is not made for threads


@contextmanager
def drawing(cache: Path | None) -> Iterator[None]:
    """While one picture is drawn, no other is."""
    with _drawing:
        if "MPLCONFIGDIR" not in os.environ:  # else matplotlib would write into the home folder
            os.environ["MPLCONFIGDIR"] = str(cache or Path(tempfile.gettempdir()) / "fangxin-matplotlib")
        yield


def chart_png(chart: Chart, cache: Path | None = None) -> bytes:
    """The chart as a PNG. ``cache`` is where matplotlib may keep what it knows of the machine's fonts."""
    with drawing(cache):
        return _drawn(chart)


def _drawn(chart: Chart) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    figure = Figure(figsize=SIZE, dpi=DOTS_PER_INCH, facecolor="white", layout="constrained")
    FigureCanvasAgg(figure)
    figure.get_layout_engine().set(w_pad=0.2, h_pad=0.2)  # type: ignore[union-attr, call-arg]
    axes = figure.add_subplot()
    match chart.type:
        case "stacked_area":
            _stack(axes, chart)
        case "lines":
            _lines(axes, chart)
        case "bars":
            _bars(axes, chart)
    axes.set_title(chart.title, loc="left", color=INK, fontproperties=font(TITLE), pad=62)
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(-0.02, 1.0),
        ncols=min(3, len(chart.series)),
        frameon=False,
        prop=font(LEGEND),
        labelcolor=SOFT,
        handlelength=1.0,
        handleheight=1.0,
        columnspacing=1.2,
        borderaxespad=0.2,
    )
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, steps=[1, 2, 2.5, 5, 10]))
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: _short(value)))
    axes.grid(axis="y", color=LINE, linewidth=1.5)
    axes.set_axisbelow(True)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.spines["bottom"].set_color("#c9d1d6")
    axes.tick_params(length=0, colors=SOFT, pad=10)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontproperties(font(AXIS))
        label.set_color(SOFT)
    picture = io.BytesIO()
    figure.savefig(picture, format="png", metadata={"Software": None})
    return picture.getvalue()


def _stack(axes: Axes, chart: Chart) -> None:
    points = range(len(chart.labels))
    axes.stackplot(
        points,
        [_floats(values) for values in chart.series.values()],
        labels=list(chart.series),
        colors=COLOURS,
        alpha=0.85,
        linewidth=0,
    )
    _time_axis(axes, chart.labels)
    axes.set_ylim(bottom=0)


def _lines(axes: Axes, chart: Chart) -> None:
    styles = ("-", (0, (5, 1.5)), "-", (0, (5, 1.5)))  # told apart without colours too
    for number, (name, values) in enumerate(chart.series.items()):
        axes.plot(
            range(len(values)),
            _floats(values),
            label=name,
            color=COLOURS[number % len(COLOURS)],
            linestyle=styles[number % len(styles)],
            linewidth=4,
        )
    _time_axis(axes, chart.labels)
    if all(Decimal(value) >= 0 for values in chart.series.values() for value in values):
        axes.set_ylim(bottom=0)


def _bars(axes: Axes, chart: Chart) -> None:
    room = 0.76 if len(chart.series) > 1 else 0.5
    width = room / len(chart.series)
    has_figures = len(chart.series) * len(chart.labels) <= MOST_FIGURES
    for number, (name, values) in enumerate(chart.series.items()):
        left = -room / 2 + width * number
        drawn = axes.bar(
            [position + left + width / 2 for position in range(len(values))],
            _floats(values),
            width * 0.92,
            label=name,
            color=COLOURS[number % len(COLOURS)],
        )
        if has_figures:
            labels = [_short(float(value)) for value in values]
            axes.bar_label(drawn, labels, padding=4, color=INK, fontproperties=font(AXIS - 3))
    axes.set_xticks(range(len(chart.labels)), chart.labels)
    axes.margins(x=0.04, y=0.12)
    axes.axhline(0, color="#c9d1d6", linewidth=1)


def _time_axis(axes: Axes, labels: tuple[str, ...]) -> None:
    """Some of the labels, evenly apart, the first and the last among them."""
    last, count = len(labels) - 1, min(MOST_LABELS, len(labels))
    shown = [round(last * number / max(1, count - 1)) for number in range(count)]
    axes.set_xticks(shown, [labels[position] for position in shown])
    axes.set_xlim(0, max(1, len(labels) - 1))


def _floats(values: tuple[str, ...]) -> list[float]:
    """Figures for drawing only: what is read in words stays decimal."""
    return [float(value) for value in values]


def _short(value: float) -> str:
    """A figure for a glance: ``8000``, ``1.23万``, ``193.9万``."""
    amount = Decimal(repr(round(float(value), 2)))
    step = "1E3" if abs(amount) >= 1_000_000 else "1E2" if abs(amount) >= 10_000 else "1"
    rounded = amount.quantize(Decimal(step), ROUND_HALF_UP)
    return yuan(rounded).removesuffix("元") if rounded else "0"


def font(size: float) -> FontProperties:
    """Our typeface at so many points."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(typeface_file()), size=size)
