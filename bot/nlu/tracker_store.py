"""Rasa's conversations in SQLite (WAL) or PostgreSQL, failing aloud.

Rasa wraps every tracker store in a `FailSafeTrackerStore`, which answers a database failure with an empty memory: the
customer's form would be forgotten and nobody would know. `unwrapped` takes the wrapper off again once the agent is up.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore, TrackerStore
from rasa.shared.core.domain import Domain

from bot.nlu.errors import SettingsMissing
from bot.nlu.paths import home

URL_VARIABLE = "FANGXIN_TRACKER_URL"


class LoudTrackerStore(SQLTrackerStore):
    """Rasa's SQL store on SQLite with a write-ahead log, or on the database that FANGXIN_TRACKER_URL names."""

    def __init__(
        self,
        domain: Domain | None = None,
        host: str | None = None,
        db: str | None = None,
        event_broker: EventBroker | None = None,
        **_: Any,
    ) -> None:
        url = os.environ.get(URL_VARIABLE) or None
        if url is None:
            file = _file(db)
            file.parent.mkdir(parents=True, exist_ok=True)
            super().__init__(domain=domain, dialect="sqlite", db=str(file), event_broker=event_broker)
            sa.event.listen(self.engine, "connect", _set_pragmas)
            self.engine.dispose()  # the first connection was made before the pragmas
        else:
            super().__init__(domain=domain, host=url, event_broker=event_broker)
        _require_table(self)

    def forget_before(self, moment: float) -> int:
        """Delete the events of sessions that ended before ``moment`` (epoch seconds); how many there were.

        The session that a conversation would go on with is kept while it was used since: Rasa counts its events.
        """
        row = self.SQLEvent
        start = sa.func.max(sa.case((row.type_name == "session_started", row.timestamp)))
        deleted = 0
        with self.session_scope() as session:
            conversations = (
                session.query(row.sender_id, sa.func.max(row.timestamp), start)
                .group_by(row.sender_id)
                .having(sa.func.min(row.timestamp) < moment)
                .all()
            )
            for sender, last, session_start in conversations:
                until = moment if last < moment else min(moment, session_start or 0.0)
                old = session.query(row).filter(row.sender_id == sender, row.timestamp < until)
                deleted += old.delete(synchronize_session=False)
            session.commit()
        return deleted


def unwrapped(store: TrackerStore) -> TrackerStore:
    """The store behind Rasa's fail-safe wrapper."""
    return store._tracker_store if isinstance(store, FailSafeTrackerStore) else store


def _file(db: str | None) -> Path:
    if not db or "${" in db:  # the variable is not set
        return home() / "tracker.db"
    path = Path(db)
    return path if path.is_absolute() else home().parent / path


def _set_pragmas(connection: Any, _: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=NORMAL")
    cursor.execute("PRAGMA busy_timeout=5000")
    cursor.close()


def _require_table(store: SQLTrackerStore) -> None:
    """Rasa only logs it when the table cannot be made; without the table there is no memory."""
    if not sa.inspect(store.engine).has_table(store.SQLEvent.__tablename__):
        raise SettingsMissing("the tracker store has no table and none could be made")
