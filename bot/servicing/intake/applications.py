"""Customers, their applications, and what an application goes through."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from sqlalchemy import select

from bot.servicing.identity import id_last4_hash
from bot.servicing.intake.model import Status, WordRefused, WordWaits
from bot.servicing.intake.takers import Taker, applications_of, settle
from bot.servicing.intake.words import ApplicationWord, CustomerWord, DocumentWord, StageWord
from bot.servicing.model import START, Outcome, StageEnd
from bot.servicing.progress import stage_ends
from bot.servicing.stages import check_fits, position_of
from bot.servicing.store import ApplicationRow, CustomerRow, DocumentRow, StageEventRow


class CustomerTaker(Taker[CustomerWord]):
    KIND = "customer"

    def subject(self, word: CustomerWord) -> str:
        return f"customer:{word.customer_no}"

    async def load(self, words: Sequence[CustomerWord]) -> None:
        numbers = {word.customer_no for word in words}
        hashes = {self._vault.keyed_hash(word.plain_id_number) for word in words}
        found = await self._session.scalars(
            select(CustomerRow)
            .where(CustomerRow.customer_no.in_(numbers) | CustomerRow.id_number_hash.in_(hashes))
            .with_for_update()
        )
        self._by_no: dict[str, CustomerRow] = {}
        self._by_hash: dict[str, CustomerRow] = {}
        for row in found:
            self._by_hash[row.id_number_hash] = row
            if row.customer_no is not None:
                self._by_no[row.customer_no] = row

    def take(self, word: CustomerWord) -> Status:
        number = word.plain_id_number
        number_hash = self._vault.keyed_hash(number)
        row, holder = self._by_no.get(word.customer_no), self._by_hash.get(number_hash)
        if holder is not None and holder is not row:
            if row is not None or holder.customer_no is not None:
                raise WordRefused("id_number", "id_number_taken")
            row = holder  # known before the core gave out numbers
        said: dict[str, object] = {
            "customer_no": word.customer_no,
            "phone_hash": self._vault.keyed_hash(word.phone),
            "id_number_hash": number_hash,
            "is_valued": word.is_valued,
        }
        if row is None or self._vault.decrypt(row.name_encrypted) != word.name:
            said["name_encrypted"] = self._vault.encrypt(word.name)
        if row is None or row.phone_hash != said["phone_hash"]:
            said["phone_encrypted"] = self._vault.encrypt(word.phone)
        if row is None or row.id_number_hash != number_hash:
            said["id_number_encrypted"] = self._vault.encrypt(number)
            said["id_last4_hash"] = id_last4_hash(self._vault, number_hash, number[-4:])
        if row is None:
            row = CustomerRow(**said, created_at=self._now, told_at=word.told_at)
            self._session.add(row)
            self.arrived.add(self.subject(word))
            status = Status.ACCEPTED
        else:
            status = settle(row, said, word.told_at)
        if row.customer_no is not None:
            self._by_no[row.customer_no] = row
        self._by_hash[row.id_number_hash] = row
        return status


class ApplicationTaker(Taker[ApplicationWord]):
    KIND = "application"

    def subject(self, word: ApplicationWord) -> str:
        return f"application:{word.application_no}"

    async def load(self, words: Sequence[ApplicationWord]) -> None:
        customers = await self._session.execute(
            select(CustomerRow.customer_no, CustomerRow.id).where(
                CustomerRow.customer_no.in_({word.customer_no for word in words})
            )
        )
        self._customers = {row.customer_no: row.id for row in customers}
        self._rows = await applications_of(self._session, words)

    def take(self, word: ApplicationWord) -> Status:
        customer_id = self._customers.get(word.customer_no)
        if customer_id is None:
            raise WordWaits("customer_no", f"customer:{word.customer_no}")
        said: dict[str, object] = {
            "product": word.product.value,
            "amount": word.amount,
            "term_months": word.term_months,
            "submitted_at": word.submitted_at,
        }
        row = self._rows.get(word.application_no)
        if row is not None:
            if row.customer_id != customer_id:
                raise WordRefused("customer_no", "belongs_to_another")
            return settle(row, said, word.told_at)
        row = ApplicationRow(
            application_no=word.application_no,
            customer_id=customer_id,
            state=START.state.value,
            stage=START.stage.value,
            told_at=word.told_at,
            **said,
        )
        self._session.add(row)
        self._rows[word.application_no] = row
        self.arrived.add(self.subject(word))
        return Status.ACCEPTED


class StageTaker(Taker[StageWord]):
    KIND = "application"

    def subject(self, word: StageWord) -> str:
        return f"application:{word.application_no}"

    async def load(self, words: Sequence[StageWord]) -> None:
        self._rows = await applications_of(self._session, words, lock=True)
        events = await self._session.scalars(
            select(StageEventRow).where(
                StageEventRow.application_id.in_([row.id for row in self._rows.values()])
            )
        )
        self._events: dict[int, list[StageEventRow]] = defaultdict(list)
        for event in events:
            self._events[event.application_id].append(event)

    def take(self, word: StageWord) -> Status:
        row = self._rows.get(word.application_no)
        if row is None:
            raise WordWaits("application_no", f"application:{word.application_no}")
        events = self._events[row.id]
        end = StageEnd(word.stage, word.outcome, word.at)
        known = stage_ends((event.stage, event.outcome, event.at) for event in events)
        refusal = word.refusal.value if word.refusal else None
        event = next((event for event in events if (event.stage, event.at) == (end.stage, end.at)), None)
        try:
            check_fits(end, known)
        except ValueError as exc:
            raise WordRefused("stage", "illegal_transition", detail=str(exc)) from exc
        if event is None:
            event = StageEventRow(
                application_id=row.id,
                stage=word.stage.value,
                outcome=word.outcome.value,
                at=word.at,
                refusal=refusal,
            )
            self._session.add(event)
            events.append(event)
        elif refusal is None or event.refusal == refusal:
            return Status.UNCHANGED
        elif event.refusal is not None:
            raise WordRefused("refusal", "contradicts")
        else:
            event.refusal = refusal
        self._place(row, (*known, end), events)
        return Status.ACCEPTED

    def _place(self, row: ApplicationRow, ends: Iterable[StageEnd], events: Sequence[StageEventRow]) -> None:
        """Bring the application to where its ends lead."""
        position = position_of(set(ends))
        if (row.state, row.stage) != (position.state, position.stage):
            row.state, row.stage = position.state.value, position.stage.value
            self.moved.add(row.application_no)
        if position.state.value == Outcome.REJECTED.value:
            row.refusal = next((one.refusal for one in events if one.outcome == Outcome.REJECTED), None)


class DocumentTaker(Taker[DocumentWord]):
    KIND = "application"

    def subject(self, word: DocumentWord) -> str:
        return f"application:{word.application_no}"

    async def load(self, words: Sequence[DocumentWord]) -> None:
        self._applications = await applications_of(self._session, words)
        found = await self._session.scalars(
            select(DocumentRow)
            .where(DocumentRow.application_id.in_([row.id for row in self._applications.values()]))
            .order_by(DocumentRow.id.desc())  # of several of a kind the first one stays in the table below
        )
        self._rows = {(row.application_id, row.kind): row for row in found}

    def take(self, word: DocumentWord) -> Status:
        application = self._applications.get(word.application_no)
        if application is None:
            raise WordWaits("application_no", f"application:{word.application_no}")
        said: dict[str, object] = {
            "state": word.state.value,
            "is_required": word.is_required,
            "issued_on": word.issued_on,
            "valid_until": word.valid_until,
            "months_covered": word.months_covered,
            "reason": word.reason,
        }
        key = (application.id, word.kind.value)
        row = self._rows.get(key)
        if row is not None:
            return settle(row, said, word.told_at, time="changed_at")
        row = DocumentRow(
            application_id=application.id,
            kind=word.kind.value,
            findings=[],
            changed_at=word.told_at,
            **said,
        )
        self._session.add(row)
        self._rows[key] = row
        return Status.ACCEPTED
