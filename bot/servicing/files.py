"""Files that customers and agents sent: kept once under their digest, sealed, and found again by an id that nobody can guess."""

from __future__ import annotations

import asyncio
import hashlib
import os
import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.clock import Clock, china_date
from bot.servicing.content import Limits, MediaType, inspected
from bot.servicing.errors import FileContentLost, FileIdReused, FileNotFound, TooManyFiles
from bot.servicing.ports import Policy
from bot.servicing.store import StoredFileRow
from bot.store.engine import Sessions
from bot.store.vault import Vault, VaultError

HOUR = timedelta(hours=1)
LONGEST_NAME = 200
AT_ONCE = 2  #: files being opened; a picture at its limit takes some hundred megabytes while it is decoded


class FileStore:
    """Contents on disk under ``ab/cdef…`` of their SHA-256: written whole or not at all, sealed with the vault's key.

    Nothing of what a sender says goes into a path.
    """

    def __init__(self, folder: Path, vault: Vault) -> None:
        self._folder = folder
        self._vault = vault

    def put(self, content: bytes) -> str:
        """Keep the content and return its digest; known content is not written again."""
        digest = hashlib.sha256(content).hexdigest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = path.with_name(f".{secrets.token_hex(8)}.part")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(handle, "wb") as file:
                file.write(self._vault.seal(content))
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        finally:
            with suppress(FileNotFoundError):
                draft.unlink()
        return digest

    def get(self, digest: str) -> bytes:
        """The content of a digest; ``FileContentLost`` when it is gone, changed, or sealed with another key."""
        try:
            content = self._vault.unseal(self._path(digest).read_bytes())
        except (OSError, VaultError) as exc:
            raise FileContentLost(digest) from exc
        if hashlib.sha256(content).hexdigest() != digest:
            raise FileContentLost(digest)
        return content

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest[2:]


@dataclass(frozen=True)
class StoredFile:
    """A file as it is known outside: its id, what it is, and how its sender called it."""

    id: int
    public_id: str
    conversation_id: str
    sha256: str
    media_type: MediaType
    size: int
    name: str


class Files:
    """Takes files in and hands them out again."""

    def __init__(
        self, sessions: Sessions, clock: Clock, vault: Vault, policy: Policy, store: FileStore
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._vault = vault
        self._policy = policy
        self._store = store
        self._opening = asyncio.Semaphore(AT_ONCE)

    def limits(self) -> Limits:
        """What holds today."""
        return Limits.of(self._policy, china_date(self._clock))

    async def keep(
        self, conversation_id: str, client_id: str, name: str, content: bytes, *, sent_by: str
    ) -> StoredFile:
        """Keep a file; the same ``client_id`` with the same content again is the same file.

        Every ``FileRefused`` leaves nothing behind.
        """
        limits = self.limits()
        public_id = self._vault.keyed_hash(f"file:{conversation_id}:{client_id}")[:32]
        digest = await asyncio.to_thread(_digest, content)
        known = await self._known(public_id, digest)
        if known is not None:
            return known
        await self._require_room(conversation_id, sent_by, limits)
        async with self._opening:
            media_type = await asyncio.to_thread(inspected, content, limits)
            await asyncio.to_thread(self._store.put, content)
        row = StoredFileRow(
            public_id=public_id,
            sha256=digest,
            media_type=media_type.value,
            size=len(content),
            conversation_id=conversation_id,
            name_encrypted=self._vault.encrypt(shown_name(name)),
            sent_by=sent_by,
            created_at=self._clock.now(),
        )
        try:
            async with self._sessions.begin() as session:
                session.add(row)
        except IntegrityError:  # the same upload came twice at the same time, and the other was first
            known = await self._known(public_id, digest)
            if known is None:
                raise
            return known
        return self._described(row)

    async def find(self, public_id: str, conversation_id: str | None = None) -> StoredFile:
        """A file by its id, of this conversation if one is named; ``FileNotFound`` otherwise."""
        async with self._sessions() as session:
            row = await _row(session, public_id)
        if row is None or conversation_id not in (None, row.conversation_id):
            raise FileNotFound(public_id)
        return self._described(row)

    async def content(self, file: StoredFile) -> bytes:
        """Its bytes; ``FileContentLost`` when the disk has them no more."""
        return await asyncio.to_thread(self._store.get, file.sha256)

    async def _known(self, public_id: str, digest: str) -> StoredFile | None:
        async with self._sessions() as session:
            row = await _row(session, public_id)
        if row is None:
            return None
        if row.sha256 != digest:
            raise FileIdReused
        return self._described(row)

    async def _require_room(self, conversation_id: str, sent_by: str, limits: Limits) -> None:
        async with self._sessions() as session:
            sent = await session.scalar(
                select(func.count()).where(
                    StoredFileRow.conversation_id == conversation_id,
                    StoredFileRow.sent_by == sent_by,
                    StoredFileRow.created_at > self._clock.now() - HOUR,
                )
            )
        if (sent or 0) >= limits.files_an_hour:
            raise TooManyFiles(limits.files_an_hour)

    def _described(self, row: StoredFileRow) -> StoredFile:
        return StoredFile(
            id=row.id,
            public_id=row.public_id,
            conversation_id=row.conversation_id,
            sha256=row.sha256,
            media_type=MediaType(row.media_type),
            size=row.size,
            name=self._vault.decrypt(row.name_encrypted),
        )


def shown_name(name: str) -> str:
    """A sender's name for a file as it may be shown: its last part only, without anything unprintable.

    >>> shown_name("../../etc/passwd"), shown_name("C:\\\\我的\\\\身份证.jpg")
    ('passwd', '身份证.jpg')
    """
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(character for character in last if character.isprintable()).strip()[:LONGEST_NAME]


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


async def _row(session: AsyncSession, public_id: str) -> StoredFileRow | None:
    return await session.scalar(select(StoredFileRow).where(StoredFileRow.public_id == public_id))
