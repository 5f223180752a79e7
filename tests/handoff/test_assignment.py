"""Who gets the next ticket."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.handoff.assignment import Place, choose
from bot.handoff.model import Agent, Reason, Role, Skill, Ticket

NOON = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)


def agent(name: str, *skills: Skill, capacity: int = 3) -> Agent:
    return Agent(name, name, name, Role.AGENT, frozenset(skills or Skill), capacity)


def ticket(skill: Skill = Skill.BEFORE_LOAN, refused_by: tuple[str, ...] = ()) -> Ticket:
    return Ticket("t", "c", "web", Reason.ASKED, skill, "", NOON, refused_by=refused_by)


def test_only_who_has_the_skill() -> None:
    complaints, advice = agent("a", Skill.COMPLAINT), agent("b", Skill.BEFORE_LOAN)
    chosen = choose(ticket(Skill.COMPLAINT), [Place(complaints, 2, NOON), Place(advice, 0, None)])
    assert chosen == complaints


def test_nobody_beyond_their_capacity() -> None:
    assert choose(ticket(), [Place(agent("a", capacity=2), 2, None)]) is None


def test_who_knew_the_customer_goes_before_who_is_idle() -> None:
    knew, idle = agent("a"), agent("b")
    assert choose(ticket(), [Place(knew, 2, NOON), Place(idle, 0, None)], knew="a") == knew


def test_the_least_busy_for_their_capacity() -> None:
    """Two of six is less than one of two."""
    large, small = agent("a", capacity=6), agent("b", capacity=2)
    assert choose(ticket(), [Place(large, 2, NOON), Place(small, 1, NOON)]) == large


def test_among_equally_busy_who_has_waited_longest() -> None:
    early, late = agent("b"), agent("a")
    places = [Place(late, 1, NOON), Place(early, 1, NOON - timedelta(minutes=1))]
    assert choose(ticket(), places) == early


PLACES = st.lists(
    st.builds(
        lambda name, skills, capacity, load: Place(
            Agent(name, name, name, Role.AGENT, frozenset(skills), capacity), load, None
        ),
        st.sampled_from("abcdef"),
        st.sets(st.sampled_from(Skill)),
        st.integers(1, 4),
        st.integers(0, 5),
    ),
    unique_by=lambda place: place.agent.id,
)


@given(PLACES, st.sampled_from(Skill), st.lists(st.sampled_from("abcdef")), st.sampled_from("abcdef"))
def test_the_chosen_one_may_serve_and_nobody_is_left_out(
    places: list[Place], skill: Skill, refused: list[str], knew: str
) -> None:
    """Whatever the desk looks like: the chosen agent fits, and nobody is chosen only when nobody fits."""
    fit = {
        place.agent.id
        for place in places
        if place.load < place.agent.capacity and skill in place.agent.skills and place.agent.id not in refused
    }
    chosen = choose(ticket(skill, tuple(refused)), places, knew)
    assert (chosen.id if chosen else None) in (fit or {None})
    if knew in fit:
        assert chosen is not None
        assert chosen.id == knew
