"""Papers over HTTP, from the started service."""

from __future__ import annotations

import io
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook

from bot.messages import Chart
from bot.papers import Format, PaperLinks, SummaryPaper
from tests.papers.conftest import LONGEST, TODAY

FIRST_PAPER_SECONDS = 60  # its libraries are loaded with it

CHART = Chart("bars", "总利息对比", ("等额本息", "等额本金"), {"总利息": ("739861.23", "631750.00")})


@pytest.fixture
def given(live, words) -> PaperLinks:
    """The links of the process that answers customers; it shares only the key with the service."""
    return PaperLinks(live.settings.secret("papers"), words)


@pytest.mark.parametrize(
    ("format", "media_type"),
    [
        (Format.XLSX, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        (Format.PDF, "application/pdf"),
    ],
)
async def test_a_schedule_is_fetched_under_its_chinese_name(live, given, format, media_type):
    file = given.schedule([LONGEST], format, TODAY)
    answer = await live.http.get(file.url, timeout=FIRST_PAPER_SECONDS)
    assert (answer.status_code, answer.headers["Content-Type"]) == (200, media_type)
    disposition = answer.headers["Content-Disposition"]
    assert disposition.startswith(f'attachment; filename="schedule.{format.value}"')
    assert unquote(disposition.rpartition("UTF-8''")[2]) == file.name
    assert len(answer.content) == file.size
    if format is Format.XLSX:
        assert load_workbook(io.BytesIO(answer.content)).worksheets[0].max_row > 480


async def test_a_summary_has_a_plain_name_of_its_own(live, given):
    file = given.summary(SummaryPaper("贷款方案对比", TODAY, "要贷 100 万。", ()))
    answer = await live.http.get(file.url, timeout=FIRST_PAPER_SECONDS)
    assert answer.headers["Content-Disposition"].startswith('attachment; filename="summary.pdf"')


async def test_a_picture_is_shown_and_kept_by_the_browser_alone(live, given):
    url = given.chart(CHART)
    answer = await live.http.get(url, timeout=FIRST_PAPER_SECONDS)
    assert (answer.headers["Content-Type"], answer.content[:4]) == ("image/png", b"\x89PNG")
    assert answer.headers["Content-Disposition"].startswith('inline; filename="chart.png"')
    assert answer.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    again = await live.http.get(url, headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    other = await live.http.get(url, headers={"If-None-Match": '"other"'})
    assert other.status_code == 200


@pytest.mark.parametrize("token", ["nothing", "a.b", "%00", "..%2Fetc"])
async def test_a_wrong_token_is_not_found_in_chinese(live, token):
    answer = await live.http.get(f"/papers/{token}")
    assert answer.status_code == 404
    if "%2F" not in token:
        assert answer.json()["error"] == {
            "code": "paper_not_found",
            "message": "这个文件打不开了，可能链接不完整。回到对话里让小房重新生成一份就好。",
        }


async def test_a_token_of_another_key_is_not_found_even_for_who_says_to_have_it(live, words):
    url = PaperLinks("a guess", words).chart(CHART)
    answer = await live.http.get(url, headers={"If-None-Match": "*"})
    assert answer.status_code == 404
