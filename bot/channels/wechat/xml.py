"""The platform's XML: flat, small, and read without entities or a document type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn
from xml.parsers import expat

from bot.channels.wechat.errors import Malformed

MAX_DEPTH = 8
MAX_FIELDS = 200


def read_fields(body: bytes) -> dict[str, str]:
    """The fields right under ``<xml>``; nested ones are passed over.

    ``Malformed`` for anything that is not plain XML of this shape, or says a field twice.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(body, True)
    except (expat.ExpatError, ValueError, LookupError) as exc:
        raise Malformed(f"not XML: {exc}") from exc
    return reader.fields


class _Reader:
    def __init__(self) -> None:
        self.fields: dict[str, str] = {}
        self._path: list[str] = []
        self._text: list[str] = []
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._characters
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.parser.EntityDeclHandler = self._refuse
        self.parser.ExternalEntityRefHandler = self._refuse
        self.parser.ProcessingInstructionHandler = self._refuse

    def _refuse(self, *_found: Any) -> NoReturn:
        raise Malformed("a document type, an entity or an instruction")

    def _start(self, name: str, _attributes: dict[str, str]) -> None:
        self._path.append(name)
        if self._path[0] != "xml" or len(self._path) > MAX_DEPTH or len(self.fields) >= MAX_FIELDS:
            raise Malformed("not the platform's shape")
        if len(self._path) == 2:
            self._text = []

    def _characters(self, text: str) -> None:
        if len(self._path) == 2:
            self._text.append(text)

    def _end(self, name: str) -> None:
        if len(self._path) == 2:
            if name in self.fields:
                raise Malformed("a field twice")
            self.fields[name] = "".join(self._text)
        self._path.pop()


def text_reply(to: str, sender: str, at: int, text: str) -> str:
    """A text message as the body of an answer to the platform."""
    fields: dict[str, str | int] = {
        "ToUserName": to,
        "FromUserName": sender,
        "CreateTime": at,
        "MsgType": "text",
        "Content": text,
    }
    return write_fields(fields)


def write_fields(fields: Mapping[str, str | int]) -> str:
    """``<xml>`` with each field in it."""
    written = (
        f"<{name}>{value}</{name}>" if isinstance(value, int) else f"<{name}>{_cdata(value)}</{name}>"
        for name, value in fields.items()
    )
    return f"<xml>{''.join(written)}</xml>"


def _cdata(text: str) -> str:
    kept = "".join(character for character in text if _is_allowed(ord(character)))
    return f"<![CDATA[{kept.replace(']]>', ']]]]><![CDATA[>')}]]>"


def _is_allowed(code: int) -> bool:
    """Whether XML can hold the character at all."""
    return code in (9, 10, 13) or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
