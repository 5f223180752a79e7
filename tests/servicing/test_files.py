"""Files are kept once, sealed, under names of our own; only whom they belong to gets them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.clock import FixedClock
from bot.knowledge import PolicyBook
from bot.servicing.content import MediaType
from bot.servicing.errors import FileContentLost, FileIdReused, FileNotFound, FileTypeUnknown, TooManyFiles
from bot.servicing.file_links import LIFE_SECONDS, FileLinks
from bot.servicing.files import Files, FileStore, shown_name
from bot.servicing.store import StoredFileRow
from bot.store.engine import Sessions
from bot.store.vault import Vault
from tests.servicing.test_content import pdf, picture

CHAT, OTHER = "conversation-1", "conversation-2"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
def files(sessions: Sessions, clock: FixedClock, vault: Vault, policy: PolicyBook, folder: Path) -> Files:
    return Files(sessions, clock, vault, policy, FileStore(folder, vault))


def on_disk(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


async def test_a_file_lies_sealed_under_its_digest(files: Files, folder: Path) -> None:
    content = picture()
    kept = await files.keep(CHAT, "a", "身份证.png", content, sent_by="customer")
    digest = hashlib.sha256(content).hexdigest()
    (path,) = on_disk(folder)
    assert path == folder / digest[:2] / digest[2:]
    assert path.stat().st_mode & 0o777 == 0o600
    assert content not in path.read_bytes()
    assert (kept.sha256, kept.media_type, kept.size) == (digest, MediaType.PNG, len(content))
    assert await files.content(kept) == content


async def test_the_same_content_is_kept_once_whoever_sends_it(
    files: Files, folder: Path, sessions: Sessions
) -> None:
    content = picture()
    first = await files.keep(CHAT, "a", "a.png", content, sent_by="x")
    second = await files.keep(OTHER, "a", "b.png", content, sent_by="y")
    assert len(on_disk(folder)) == 1
    assert first.public_id != second.public_id


async def test_the_same_upload_again_is_the_same_file(files: Files, sessions: Sessions) -> None:
    first = await files.keep(CHAT, "a", "a.png", picture(), sent_by="x")
    assert await files.keep(CHAT, "a", "a.png", picture(), sent_by="x") == first
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(StoredFileRow)) == 1


async def test_an_id_that_comes_again_with_other_bytes_is_refused(files: Files) -> None:
    await files.keep(CHAT, "a", "a.png", picture(), sent_by="x")
    with pytest.raises(FileIdReused):
        await files.keep(CHAT, "a", "a.png", picture(size=(41, 30)), sent_by="x")


async def test_a_lying_name_changes_nothing(files: Files, folder: Path) -> None:
    kept = await files.keep(CHAT, "a", "../../../../etc/cron.d/身份证.exe", pdf(), sent_by="x")
    assert (kept.media_type, kept.name) == (MediaType.PDF, "身份证.exe")
    assert [path.parent.parent for path in on_disk(folder)] == [folder]


async def test_the_name_is_sealed_in_the_database(files: Files, sessions: Sessions) -> None:
    await files.keep(CHAT, "a", "张三身份证.png", picture(), sent_by="x")
    async with sessions() as session:
        row = await session.scalar(select(StoredFileRow))
    assert row is not None
    assert "张三" not in row.name_encrypted


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a/b\\c.png", "c.png"),
        ("\u202egnp.exe", "gnp.exe"),
        ("a\x00\nb.png", "ab.png"),
        ("..", ".."),
        ("", ""),
        ("长" * 300, "长" * 200),
    ],
)
def test_names_are_shown_without_their_tricks(name: str, shown: str) -> None:
    assert shown_name(name) == shown


async def test_what_is_refused_leaves_nothing_behind(files: Files, folder: Path, sessions: Sessions) -> None:
    with pytest.raises(FileTypeUnknown):
        await files.keep(CHAT, "a", "身份证.png", b"MZ not a picture", sent_by="x")
    assert on_disk(folder) == []
    async with sessions() as session:
        assert await session.scalar(select(func.count()).select_from(StoredFileRow)) == 0


async def test_so_many_files_an_hour_and_no_more(files: Files, clock: FixedClock) -> None:
    """The bank's limit is 40."""
    for number in range(40):
        await files.keep(CHAT, f"n{number}", "a.png", picture(), sent_by="x")
    with pytest.raises(TooManyFiles) as refused:
        await files.keep(CHAT, "one more", "a.png", picture(), sent_by="x")
    assert refused.value.limit == 40
    await files.keep(OTHER, "another customer", "a.png", picture(), sent_by="x")
    clock.advance(minutes=61)
    await files.keep(CHAT, "an hour later", "a.png", picture(), sent_by="x")


async def test_a_file_of_another_conversation_is_not_found(files: Files) -> None:
    kept = await files.keep(CHAT, "a", "a.png", picture(), sent_by="x")
    assert await files.find(kept.public_id, CHAT) == kept
    with pytest.raises(FileNotFound):
        await files.find(kept.public_id, OTHER)


async def test_content_that_was_changed_on_disk_is_lost(files: Files, folder: Path) -> None:
    kept = await files.keep(CHAT, "a", "a.png", picture(), sent_by="x")
    (path,) = on_disk(folder)
    path.write_bytes(path.read_bytes()[:-1] + b"!")
    with pytest.raises(FileContentLost):
        await files.content(kept)
    path.unlink()
    with pytest.raises(FileContentLost):
        await files.content(kept)


def test_an_address_opens_for_one_conversation_and_not_for_long(monkeypatch: pytest.MonkeyPatch) -> None:
    links = FileLinks("secret")
    part = {"kind": "image", "url": links.unsigned("abc"), "alt": "图片"}
    token = links.for_conversation(part, CHAT)["url"].removeprefix("/files/")
    assert (links.claim(token).public_id, links.claim(token).conversation_id) == ("abc", CHAT)
    assert links.claim(links.for_desk(part)["url"].removeprefix("/files/")).conversation_id is None
    for bad in (
        "abc",
        token[:-2],
        "x" + token,
        FileLinks("other").for_desk(part)["url"].removeprefix("/files/"),
    ):
        with pytest.raises(FileNotFound):
            links.claim(bad)
    import itsdangerous.timed as timed

    now = timed.time.time()
    monkeypatch.setattr(timed.time, "time", lambda: now + LIFE_SECONDS + 5)
    with pytest.raises(FileNotFound):
        links.claim(token)


def test_other_addresses_stay_as_they_are() -> None:
    part = {"kind": "file", "url": "/papers/x.y", "name": "a", "size": 1}
    assert FileLinks("secret").for_conversation(part, CHAT) == part
    assert FileLinks("secret").for_desk({"kind": "text", "text": "x"}) == {"kind": "text", "text": "x"}
