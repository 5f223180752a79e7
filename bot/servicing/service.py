"""What the rest of the house asks of servicing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from bot.clock import Clock, china_date
from bot.servicing.applications import Applications
from bot.servicing.calendar import WorkingCalendar
from bot.servicing.claims import claim_of, normal_number
from bot.servicing.contact import ContactWish, ContactWishes, NoticeKind, Wish
from bot.servicing.errors import IllegalTransition, UnknownApplication
from bot.servicing.following import Followed, Following
from bot.servicing.identity import IdentityCheck
from bot.servicing.identity_rules import ProvedBy
from bot.servicing.intake import Intake, Resource, StageWord
from bot.servicing.loan_brief import LoanBrief, LoanRef
from bot.servicing.loan_view import LoanView
from bot.servicing.loans import Loans
from bot.servicing.model import (
    ApplicationBrief,
    ApplicationState,
    LoanOnRecord,
    Outcome,
    Position,
    Progress,
    Stage,
)
from bot.servicing.ports import CodeSender, Policy
from bot.servicing.sms import code_sender
from bot.servicing.store import ApplicationRow
from bot.settings import Settings
from bot.store.engine import Sessions
from bot.store.vault import Vault


class Servicing:
    """Applications behind the identity check. ``key`` (the turn's id) makes a repeated write harmless."""

    def __init__(
        self,
        sessions: Sessions,
        clock: Clock,
        vault: Vault,
        codes: CodeSender,
        calendar: WorkingCalendar | None,  #: None: that of the day's policy facts
        policy: Policy,
    ) -> None:
        self._sessions = sessions
        self._clock = clock
        self._calendar = calendar
        self._policy = policy
        self._vault = vault
        self._identity = IdentityCheck(sessions, clock, vault, codes, policy)
        self._intake = Intake(clock, vault)
        self._applications = Applications(clock, self._identity, policy)
        self._following = Following(clock, self._applications)
        self._loans = Loans(clock, self._identity, policy)
        self._contact = ContactWishes(clock, policy)

    def _calendar_now(self) -> WorkingCalendar:
        return self._calendar or WorkingCalendar.from_policy(self._policy, china_date(self._clock))

    def claim_of(self, named: str) -> str:
        """What stands for an application number or a phone wherever it is remembered: a phone never in the clear."""
        return claim_of(named, self._vault)

    @property
    def identity(self) -> IdentityCheck:
        """Who is verified, for the rooms beside this one."""
        return self._identity

    async def begin_verification(self, conversation_id: str, named: str, id_last4: str, key: str) -> None:
        """Check the ID digits against an application number, a phone or a claim, and send a code.

        ``IdentityRefused`` whatever was wrong, ``VerificationLocked`` after too many failures (with the one
        that reaches the limit already), ``CodeNotSent`` when the gateway fails.
        """
        await self._identity.begin(conversation_id, named, id_last4, key)

    async def confirm_code(self, conversation_id: str, named: str, code: str, key: str) -> None:
        """Take the code; ``WrongCode``, ``CodeExpired`` or ``VerificationLocked`` when it does not do."""
        await self._identity.confirm(conversation_id, named, code, key)

    async def prove(self, channel: str, external_id: str, customer: int, proved_by: ProvedBy) -> None:
        """This account on this channel speaks for this customer from now on, for the set time."""
        async with self._sessions.begin() as session:
            await self._identity.prove(session, channel, external_id, customer, proved_by)

    async def forget_identity(self, conversation_id: str) -> bool:
        """Nobody is verified here any longer; whether somebody was."""
        async with self._sessions.begin() as session:
            await self._following.end(session, conversation_id)
            return await self._identity.forget(session, conversation_id)

    async def own_applications(self, conversation_id: str) -> tuple[str, ...]:
        """The verified customer's application numbers, the newest first; none when nobody is verified."""
        async with self._sessions() as session:
            customer = await self._identity.verified_customer(session, conversation_id)
            if customer is None:
                return ()
            numbers = await session.scalars(
                select(ApplicationRow.application_no)
                .where(ApplicationRow.customer_id == customer)
                .order_by(ApplicationRow.submitted_at.desc(), ApplicationRow.id.desc())
            )
            return tuple(numbers)

    async def is_verified(self, conversation_id: str, application_no: str) -> bool:
        """Whether the conversation may now see the application, or what belongs to the customer behind a claim."""
        async with self._sessions() as session:
            return await self._identity.is_verified(session, conversation_id, application_no)

    async def progress(self, conversation_id: str, application_no: str) -> Progress:
        """Where the application stands; ``NotVerified`` before the check or when it has grown old.

        Who proved to be a customer sees all applications of that customer, and no other's.
        """
        async with self._sessions.begin() as session:
            told = await self._applications.progress(
                session, conversation_id, application_no, self._calendar_now()
            )
            is_followed = await self._following.is_on(session, conversation_id, told.application_no)
            others = await self._applications.others(session, conversation_id, told.application_no)
        return replace(told, is_followed=is_followed, others=others)

    async def applications(self, conversation_id: str) -> tuple[ApplicationBrief, ...]:
        """The applications of the customer that this conversation proved to be; ``NotVerified`` without proof."""
        async with self._sessions.begin() as session:
            return await self._applications.of_customer(session, conversation_id)

    async def follow(self, conversation_id: str, application_no: str) -> Followed:
        """Tell this conversation when the application moves on; ``NotVerified`` for somebody else's."""
        async with self._sessions.begin() as session:
            followed = await self._following.begin(session, conversation_id, application_no)
            wanted = ContactWish(Wish.ASK, NoticeKind.STAGE_CHANGED)  # also of who wanted none before
            await self._contact.note(session, conversation_id, wanted)
            return followed

    async def unfollow(self, conversation_id: str) -> int:
        """Tell this conversation nothing more; how many applications it had followed."""
        async with self._sessions.begin() as session:
            return await self._following.end(session, conversation_id)

    async def note_contact_wish(self, conversation_id: str, wish: ContactWish) -> bool:
        """How the customer wants to be told things from now on; ``NotVerified`` when nobody knows who that is.

        False for a channel on which they are not known yet.
        """
        async with self._sessions.begin() as session:
            return await self._contact.note(session, conversation_id, wish)

    async def loans(self, conversation_id: str) -> tuple[LoanBrief, ...]:
        """The loans of the customer that this conversation proved to be; ``NotVerified`` without proof."""
        async with self._sessions.begin() as session:
            return await self._loans.of_customer(session, conversation_id)

    async def loan_view(self, conversation_id: str, loan: LoanRef) -> LoanView:
        """One of these loans, with all that was paid; ``NotVerified`` or ``UnknownLoan``."""
        async with self._sessions.begin() as session:
            return await self._loans.view(session, conversation_id, loan)

    async def loan_on_record(self, conversation_id: str, loan: LoanRef | None = None) -> LoanOnRecord | None:
        """The verified customer's running loan: the one that is meant, else the only one; None otherwise."""
        async with self._sessions.begin() as session:
            return await self._loans.on_record(session, conversation_id, loan)

    async def record_stage(
        self, application_no: str, stage: Stage, outcome: Outcome, at: datetime, *, actor: str = "core"
    ) -> Position:
        """Note that a stage ended; the position to which the known ends lead.

        The same event again changes nothing; one whose predecessors are not known yet counts when they are.
        ``UnknownApplication``, or ``IllegalTransition`` for one that cannot stand beside the known ones.
        """
        number = normal_number(application_no)
        word = StageWord.model_construct(
            application_no=number, stage=stage, outcome=outcome, at=at, refusal=None
        )
        async with self._sessions.begin() as session:
            taken = await self._intake.take(session, Resource.STAGES, [word], actor, hold=False)
            problem = next(iter(taken.verdicts[0].problems), None)
            if problem is not None and problem.code == "not_here_yet":
                raise UnknownApplication(number)
            if problem is not None:
                raise IllegalTransition(number, str(problem.values.get("detail", problem.code)))
            row = (
                await session.execute(
                    select(ApplicationRow.state, ApplicationRow.stage).where(
                        ApplicationRow.application_no == number
                    )
                )
            ).one()
        return Position(ApplicationState(row.state), Stage(row.stage))


def make_servicing(
    settings: Settings, sessions: Sessions, policy: Policy, codes: CodeSender | None = None
) -> Servicing:
    """Servicing as the settings say; ``codes`` goes before the provider that they name."""
    return Servicing(
        sessions=sessions,
        clock=settings.clock,
        vault=Vault(settings.secret("vault")),
        codes=codes or code_sender(settings),
        calendar=None,
        policy=policy,
    )
