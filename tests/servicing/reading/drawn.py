"""Documents that the tests draw themselves: invented people, invented numbers."""

from __future__ import annotations

import io
from importlib.util import find_spec
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

_PACKAGE = find_spec("mplfonts")
assert _PACKAGE is not None
assert _PACKAGE.submodule_search_locations
FONT = Path(_PACKAGE.submodule_search_locations[0]) / "fonts" / "NotoSansCJKsc-Regular.otf"


def drawn(lines: list[tuple[int, int, int, str]], size: tuple[int, int] = (1010, 638)) -> Image.Image:
    """Lines of (left, top, height in pixels, text) on a pale card."""
    picture = Image.new("RGB", size, "#e9f1f7")
    pen = ImageDraw.Draw(picture)
    for left, top, height, text in lines:
        pen.text((left, top), text, font=ImageFont.truetype(FONT, height), fill="black")
    return picture


def identity_back(validity: str) -> Image.Image:
    return drawn(
        [
            (300, 90, 64, "中华人民共和国"),
            (340, 190, 64, "居民身份证"),
            (250, 450, 34, "签发机关  示范市公安局"),
            (250, 530, 34, f"有效期限  {validity}"),
        ]
    )


def identity_front() -> Image.Image:
    return drawn(
        [
            (80, 80, 36, "姓名  王示安"),
            (80, 150, 36, "性别  男   民族  汉"),
            (80, 220, 36, "出生  1990 年 3 月 7 日"),
            (80, 290, 36, "住址  示范省示范市示范路1号"),
            (80, 500, 36, "公民身份号码  990000199003071234"),
        ]
    )


def statement(first: str, last: str, days: list[str], title: str = "示范银行个人账户交易明细") -> Image.Image:
    lines = (
        [(260, 40, 44, title), (60, 130, 28, f"起止日期：{first} 至 {last}")]
        if first
        else [(260, 40, 44, title)]
    )
    lines.append((60, 190, 28, "交易日期        摘要        金额"))
    lines += [(60, 240 + 48 * row, 28, f"{day}        工资        12,000.00") for row, day in enumerate(days)]
    return drawn(lines, (1000, 900))


def proof(day: str) -> Image.Image:
    return drawn(
        [
            (400, 40, 48, "收入证明"),
            (60, 150, 32, "兹证明王示安为我单位职工，入职日期2018年5月2日，"),
            (60, 210, 32, "职务工程师，月收入人民币20000元。"),
            (560, 480, 32, "示范科技有限公司（盖章）"),
            (560, 540, 32, day),
        ]
    )


def as_bytes(picture: Image.Image, kind: str = "JPEG", **more: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()
