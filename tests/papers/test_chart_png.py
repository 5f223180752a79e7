"""Charts as pictures: what is drawn, in Chinese, and the same whoever asks at the same time."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import warnings
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import numpy
import pytest
from PIL import Image

from bot.lending import by_year
from bot.messages import Chart
from bot.papers.chart_png import chart_png
from bot.settings import ROOT
from tests.papers.conftest import LONGEST

YEARS = by_year(LONGEST.loan)
LABELS = tuple(f"第{year.year}年" for year in YEARS)
CHARTS = [
    Chart(
        "stacked_area",
        "每年还款里的本金和利息",
        LABELS,
        {
            "本金": tuple(str(year.principal) for year in YEARS),
            "利息": tuple(str(year.interest) for year in YEARS),
        },
    ),
    Chart("lines", "每年利息", LABELS, {"利息": tuple(str(year.interest) for year in YEARS)}),
    Chart(
        "bars",
        "两种方式对比",
        ("总利息", "首月还款"),
        {"等额本息": ("739861.23", "5388.54"), "等额本金": ("631750.00", "6833.33")},
    ),
]
GREEN, AMBER = (27, 127, 109), (224, 164, 88)


def dots(png: bytes) -> numpy.ndarray:
    return numpy.asarray(Image.open(io.BytesIO(png)).convert("RGB")).astype(int)


def near(picture: numpy.ndarray, colour: tuple[int, int, int], within: int = 45) -> numpy.ndarray:
    return (abs(picture - numpy.array(colour)).max(axis=2) <= within).sum()


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.type)
def test_a_picture_has_the_size_for_a_phone_and_no_missing_glyph(chart, tmp_path):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # matplotlib warns of a glyph that it cannot draw
        png = chart_png(chart, tmp_path)
    assert dots(png).shape == (750, 1000, 3)
    assert len(png) < 100_000


def test_areas_are_as_large_as_their_sums(tmp_path):
    picture = dots(chart_png(CHARTS[0], tmp_path))[170:680]
    principal = sum(Decimal(value) for value in CHARTS[0].series["本金"])
    interest = sum(Decimal(value) for value in CHARTS[0].series["利息"])
    drawn = near(picture, (61, 147, 131)) / near(picture, (229, 178, 113))
    assert drawn == pytest.approx(float(principal / interest), rel=0.05)


def test_bars_are_as_tall_as_their_figures(tmp_path):
    picture = dots(chart_png(CHARTS[2], tmp_path))[150:]
    drawn = near(picture, GREEN, 8) / near(picture, AMBER, 8)
    assert drawn == pytest.approx((739861.23 + 5388.54) / (631750 + 6833.33), rel=0.03)


def test_eight_at_once_draw_what_one_draws(tmp_path):
    alone = [chart_png(chart, tmp_path) for chart in CHARTS]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(lambda number: chart_png(CHARTS[number % 3], tmp_path), range(24)))
    assert together == alone * 8


def test_nothing_heavy_is_loaded_before_the_first_paper_and_nothing_goes_to_the_home_folder(tmp_path):
    """The service's start and memory do not pay for pictures that nobody asked for."""
    program = f"""
import sys
import bot.app, bot.papers
heavy = ("matplotlib", "openpyxl", "reportlab", "fontTools", "PIL")
assert not [name for name in heavy if name in sys.modules], sys.modules.keys() & set(heavy)
from pathlib import Path
from bot.messages import Chart
from bot.papers.chart_png import chart_png
chart_png(Chart("lines", "图", ("一", "二"), {{"甲": ("1", "2")}}), Path({str(tmp_path / "cache")!r}))
"""
    home = tmp_path / "home"
    home.mkdir()
    env = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": "", "XDG_CONFIG_HOME": ""}
    env = {name: value for name, value in env.items() if not name.startswith(("MPL", "XDG"))}
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=env, check=True)
    assert list(home.rglob("*")) == []
    assert list((tmp_path / "cache").glob("fontlist*"))
