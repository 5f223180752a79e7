"""The Chinese typeface of every paper: Noto Sans CJK SC (Open Font License), as the package ``mplfonts`` ships it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path
from threading import Lock

from bot.papers.errors import TypefaceMissing

FILE = "NotoSansCJKsc-Regular.otf"
FAMILY = "NotoSansCJKsc"
NOTDEF = ".notdef"
MAX_ERROR = 0.8  #: of an outline, in thousandths of the type size

_reading = Lock()


@dataclass(frozen=True)
class Typeface:
    """Some characters of the typeface as a font file, and how wide each is at size 1."""

    name: str  #: of these very characters; reportlab never gives up a typeface that it knows by name
    truetype: bytes
    widths: Mapping[str, float]


@cache
def typeface_file() -> Path:
    """The whole typeface, 16 MB. The package is only looked at: to import it would load matplotlib."""
    found = find_spec("mplfonts")
    for folder in (found.submodule_search_locations or ()) if found else ():
        file = Path(folder) / "fonts" / FILE
        if file.is_file():
            return file
    raise TypefaceMissing(FILE)


@lru_cache(maxsize=8)
def slim_typeface(characters: frozenset[str]) -> Typeface:
    """The typeface with these characters only, without those it lacks: a file that embeds it stays small.

    The outlines become TrueType, since PDF tools embed the original's cubic ones poorly.
    What schedules say varies little, so the last few are kept.
    """
    with _reading:
        return _cut(characters)


def _cut(characters: frozenset[str]) -> Typeface:
    from fontTools.fontBuilder import FontBuilder  # loaded with the first document, not with the service
    from fontTools.pens.cu2quPen import Cu2QuPen
    from fontTools.pens.ttGlyphPen import TTGlyphPen
    from fontTools.ttLib import TTFont

    with TTFont(typeface_file(), lazy=True) as whole:
        known, outlines = whole.getBestCmap(), whole.getGlyphSet()
        names = {
            character: known[ord(character)] for character in sorted(characters) if ord(character) in known
        }
        glyphs, metrics = {}, {}
        for name in dict.fromkeys((NOTDEF, *names.values())):
            pen = TTGlyphPen(None)
            outlines[name].draw(Cu2QuPen(pen, MAX_ERROR, reverse_direction=True))
            glyphs[name] = pen.glyph()
            metrics[name] = outlines[name].width
        units, ascent, descent = whole["head"].unitsPerEm, whole["hhea"].ascent, whole["hhea"].descent
    builder = FontBuilder(units, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.setupCharacterMap({ord(character): name for character, name in names.items()})
    builder.setupGlyf(glyphs)
    builder.setupHorizontalMetrics({name: (width, glyphs[name].xMin) for name, width in metrics.items()})
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    name = f"{FAMILY}-{sha256(''.join(names).encode()).hexdigest()[:12]}"
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "psName": name})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent)
    builder.setupPost()
    builder.setupHead(unitsPerEm=units, created=0, modified=0)
    truetype = io.BytesIO()
    builder.font.recalcTimestamp = False
    builder.save(truetype)
    widths = {character: metrics[name] / units for character, name in names.items()}
    return Typeface(name, truetype.getvalue(), widths)
