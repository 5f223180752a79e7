"""One answer: shown, edited from a file, looked at before, and taken back."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from bot.cli.knowledge import Author, edited, show_changes
from bot.cli.program import KNOWLEDGE, WRONG_INPUT, AsJson, knowledge_app
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.knowledge.editing import Change, Editing, Preview

Name = Annotated[str, typer.Argument(help="答案的名字：话题/文件名 · The answer: topic/slug.")]


@knowledge_app.command("show")
def show_answer(name: Name) -> None:
    """一条答案今天的原文，改动算在内 · The text of an answer as it stands today, edits included.

    可以存成文件，改好再用 set-answer · Keep it as a file, edit it, and give it to set-answer.
    """
    text = edited(lambda editing: editing.text_of(name))
    if text is None:
        _refuse(f"没有这条答案 · no such answer: {name}")
    sys.stdout.write(text)


@knowledge_app.command("set-answer")
def set_answer(
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="新的原文 · File with the new text.")
    ],
    author: Author,
    effective_from: Annotated[
        datetime | None,
        typer.Option(
            "--from", formats=["%Y-%m-%d"], help="生效日；不给则今天 · First day; today if left out."
        ),
    ] = None,
    name: Annotated[
        str | None,
        typer.Option(
            "--answer", help="话题/文件名；不给则按文件的话题和名字 · topic/slug; from the file if left out."
        ),
    ] = None,
    is_new: Annotated[bool, typer.Option("--new", help="这是一条新答案 · It is a new answer.")] = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="只看各渠道会怎么说，不改 · Only show what would be said.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """改一条答案，到日子生效，不用重启 · Give an answer another text from a day on; no restart is needed.

    先查原文本身，再和其他内容一起查；没有写 english 的，沿用原来的。
    The text is checked by itself, then with all the rest; without an `english` of its own it keeps the one it had.
    退出码 · exit codes: 0; 2 不成立，什么也没改 · refused, nothing was changed; 3 数据库没有应答 · no database.
    """
    from bot.clock import china_date
    from bot.knowledge.answer_texts import faults_of
    from bot.knowledge.editing import SetAnswer

    try:
        text = file.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        _refuse(f"{file}: 不是 UTF-8 文本 · not UTF-8 text")
    answer = name or _name_of(file, text)
    order = SetAnswer(
        answer=answer,
        text=text,
        effective_from=effective_from.date() if effective_from else china_date(Settings().clock),
        author=author,
    )
    faults = faults_of(KNOWLEDGE / "answers", answer, text)
    if faults:
        _refuse("第一步没过：原文本身有问题 · the text by itself:", *map(str, faults))

    async def preview(editing: Editing) -> Preview:
        await _refuse_unknown(editing, answer, is_new)
        return await editing.preview(order)

    async def make(editing: Editing) -> tuple[Change, ...]:
        await _refuse_unknown(editing, answer, is_new)
        return (await editing.set_answer(order),)

    heading = "第二步没过：和其他内容放在一起有问题 · together with the rest:"
    if dry_run:
        _show_preview(edited(preview, heading), as_json)
    else:
        show_changes(edited(make, heading), as_json)


@knowledge_app.command("history")
def answer_history(
    name: Annotated[
        str | None, typer.Argument(help="话题/文件名；不给则全部 · topic/slug; all if left out.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """谁在什么时候改了什么 · Who changed what and when, taken-back changes included."""
    show_changes(edited(lambda editing: editing.history(name)), as_json)


@knowledge_app.command("take-back")
def take_back_answer(
    change: Annotated[str, typer.Argument(help="改动的编号，如 a3 · Name of the change.")],
    author: Author,
    as_json: AsJson = False,
) -> None:
    """撤回一次改动，立即恢复 · Take a change back; what was there before holds again at once."""

    async def undo(editing: Editing) -> tuple[Change, ...]:
        return (await editing.take_back(change, author),)

    show_changes(edited(undo), as_json)


def _name_of(file: Path, text: str) -> str:
    """By the topic that the text names and the file's own name."""
    import frontmatter
    import yaml

    try:
        topic = frontmatter.loads(text).metadata.get("topic")
    except yaml.YAMLError:
        topic = None
    return f"{topic or file.resolve().parent.name}/{file.stem}"


async def _refuse_unknown(editing: Editing, name: str, is_new: bool) -> None:
    """A misspelt name must not make an answer that nobody wanted."""
    is_there = await editing.text_of(name) is not None
    if is_new == is_there:
        _refuse(
            f"{name}: 已经有了，去掉 --new · exists already, leave --new out"
            if is_new
            else f"{name}: 没有这条答案；要新加请用 --new · no such answer; --new adds one"
        )


def _show_preview(preview: Preview, as_json: bool) -> None:
    """What each channel would show, message by message."""
    from bot.channels.degrade import fit
    from bot.channels.profile import CONSOLE, TELEGRAM, WEB, WECHAT
    from bot.knowledge import Phrases
    from bot.messages import TextPart

    words = Phrases.load(KNOWLEDGE / "phrases.yml")
    part = TextPart(preview.rendered.text, preview.rendered.detail)
    shown: dict[str, list[TextPart]] = {}
    for profile in (WEB, WECHAT, TELEGRAM, CONSOLE):
        if not preview.answer.channels or profile.name in preview.answer.channels:
            shown[profile.name] = [p for p in fit([part], profile, words) if isinstance(p, TextPart)]
    if as_json:
        told = {
            channel: [{"text": p.text, "detail": p.detail} for p in parts] for channel, parts in shown.items()
        }
        body = {"answer": preview.answer.name, "channels": told, "english": preview.rendered.english}
        sys.stdout.write(json.dumps(body, ensure_ascii=False) + "\n")
        return
    for channel, parts in shown.items():
        typer.echo(f"── {channel} ──")
        for each in parts:
            typer.echo(each.text)
            if each.detail:
                typer.echo(f"[展开]\n{each.detail}")
    if preview.rendered.english:
        typer.echo(f"── english ──\n{preview.rendered.english}")


def _refuse(*lines: str) -> NoReturn:
    for line in lines:
        typer.echo(line, err=True)
    raise typer.Exit(WRONG_INPUT)
