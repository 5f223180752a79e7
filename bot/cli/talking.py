"""Talks to the running service."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.program import KNOWLEDGE, UNREACHABLE, WRONG_INPUT, AsJson, app
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.channels.console.client import ConsoleClient


@app.command()
def ask(
    text: Annotated[str, typer.Argument(help="客户的话 · What the customer says.")],
    conversation: Annotated[
        str | None, typer.Option(help="会话名；不给则新开 · Name of the conversation; a new one if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """对运行中的服务说一句话 · Send one turn to the running service."""
    from rich.console import Console as Screen

    from bot.channels.console.terminal import show
    from bot.messages import part_from_wire

    with _terminal_errors():
        answer = _client(Settings()).ask(conversation, text)
    if as_json:
        sys.stdout.write(json.dumps(answer, ensure_ascii=False) + "\n")
        return
    screen = Screen()
    show(screen, (part_from_wire(part) for part in answer["replies"]))
    screen.print(f"[dim]{answer['conversation']}[/]")


@app.command()
def chat(
    conversation: Annotated[
        str | None, typer.Option(help="接着聊的会话 · A conversation to go on with.")
    ] = None,
) -> None:
    """在终端里聊天 · Hold a conversation in the terminal."""
    from rich.console import Console as Screen

    from bot.channels.console.terminal import Chat
    from bot.knowledge import Library

    words = Library(KNOWLEDGE).phrases
    with _terminal_errors():
        chat = Chat(_client(Settings()), Screen(), conversation)
        chat.run(words.say("terminal.welcome"), words.say("terminal.prompt"))


def _client(settings: Settings) -> ConsoleClient:
    from bot.channels.console.client import ConsoleClient

    return ConsoleClient.at(settings.base_url, settings.secret("console_token"))


class _terminal_errors:
    """Says in one line what went wrong, and ends with the right code."""

    def __enter__(self) -> None: ...

    def __exit__(self, _kind: object, error: BaseException | None, _trace: object) -> None:
        from bot.channels.console.client import ServiceRefused, ServiceUnreachable

        match error:
            case ServiceUnreachable():
                settings = Settings()
                typer.echo(f"服务没有应答 · no answer from {settings.base_url} ({error})", err=True)
                raise typer.Exit(UNREACHABLE) from error
            case ServiceRefused():
                typer.echo(f"{error.message} ({error.code})", err=True)
                raise typer.Exit(WRONG_INPUT) from error
