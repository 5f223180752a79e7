"""Shows replies in a terminal, and holds a conversation there."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from typing import assert_never

from rich.console import Console as Screen
from rich.markup import escape
from rich.table import Table

from bot.channels.console.client import ConsoleClient, ServiceRefused, ServiceUnreachable
from bot.messages import (
    Card,
    File,
    Handoff,
    Image,
    Option,
    QuickReplies,
    ReplyPart,
    Stages,
    TextPart,
    part_from_wire,
)
from bot.messages.ids import new_id

POLL_SECONDS = 1.0
STAGE_MARKS = {"done": "●", "current": "◉", "ahead": "○", "stopped": "✕"}
SPARKS = "▁▂▃▄▅▆▇█"


def show(screen: Screen, parts: Iterable[ReplyPart]) -> list[Option]:
    """Print the parts; the buttons among them, in the order of their numbers."""
    options: list[Option] = []
    for part in parts:
        match part:
            case TextPart(text, detail):
                screen.print(escape(text))
                if detail:
                    screen.print(escape(detail), style="dim")
            case QuickReplies():
                if part.prompt:
                    screen.print(escape(part.prompt))
                for option in part.options:
                    options.append(option)
                    screen.print(f"  [bold cyan]{len(options)}[/] {escape(option.title)}")
            case Card():
                _show_card(screen, part)
            case Stages():
                screen.print(f"[bold]{escape(part.title)}[/]")
                for stage in part.stages:
                    screen.print(
                        f"  {STAGE_MARKS[stage.state]} {escape(stage.name)}  [dim]{escape(stage.note)}[/]"
                    )
                _show_notes(screen, part.notes)
            case Image(url, alt):
                screen.print(f"{escape(alt)}  {escape(url)}")
            case File(url, name):
                screen.print(f"{escape(name)}  {escape(url)}")
            case Handoff():
                pass  # an order to the service
            case other:
                assert_never(other)
    return options


def _show_card(screen: Screen, card: Card) -> None:
    table = Table(title=escape(card.title), show_header=False)
    for row in card.rows:
        value = f"[bold]{escape(row.value)}[/]" if row.emphasis else escape(row.value)
        table.add_row(escape(row.label), value)
    screen.print(table)
    if card.chart is not None:
        screen.print(escape(card.chart.title), style="dim")
        for name, values in card.chart.series.items():
            screen.print(f"  {escape(name)} {_spark([float(value) for value in values])}")
    _show_notes(screen, card.notes)


def _show_notes(screen: Screen, notes: Iterable[str]) -> None:
    for note in notes:
        screen.print(escape(note), style="dim")


def _spark(values: list[float]) -> str:
    highest = max(values, default=0.0) or 1.0
    return "".join(SPARKS[min(7, int(value / highest * 7.999))] for value in values)


class Chat:
    """``fangxin chat``: the same conversation as on the web page, agents included."""

    def __init__(self, client: ConsoleClient, screen: Screen, conversation: str | None) -> None:
        self._client = client
        self._screen = screen
        self._conversation = conversation or new_id("k")
        self._last_seq = 0
        self._options: list[Option] = []
        self._lock = threading.Lock()
        self._is_over = threading.Event()

    def run(self, welcome: str, prompt: str) -> None:
        """Until the end of the input. A number presses the button of that number."""
        self._screen.print(welcome)
        watcher = threading.Thread(target=self._watch, daemon=True)
        watcher.start()
        try:
            while (line := self._read(prompt)) is not None:
                if line.strip():
                    self._say(line.strip())
        finally:
            self._is_over.set()
            watcher.join(POLL_SECONDS * 2)

    def _read(self, prompt: str) -> str | None:
        try:
            return self._screen.input(prompt)
        except (EOFError, KeyboardInterrupt):
            return None

    def _say(self, line: str) -> None:
        with self._lock:
            try:
                if line.isdecimal() and 1 <= int(line) <= len(self._options):
                    option = self._options[int(line) - 1]
                    self._client.press(self._conversation, option.payload, option.title)
                else:
                    self._client.ask(self._conversation, line)
            except ServiceRefused as refused:
                self._screen.print(escape(refused.message), style="red")
                return
            self._catch_up()

    def _watch(self) -> None:
        """What an agent writes appears while the customer is typing."""
        while not self._is_over.wait(POLL_SECONDS):
            with self._lock:
                try:
                    self._catch_up()
                except (ServiceRefused, ServiceUnreachable) as exc:
                    self._screen.print(escape(str(exc)), style="red")
                    return

    def _catch_up(self) -> None:
        news = self._client.since(self._conversation, self._last_seq)["messages"]
        for message in news:
            self._last_seq = message["seq"]
            if message["sender"] == "customer":
                continue
            if message["author_name"]:
                self._screen.print(f"[bold green]{escape(message['author_name'])}[/]")
            self._options = show(self._screen, map(part_from_wire, message["parts"])) or self._options
