"""Clusters of misses, with a double of the side that groups them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.insight.clusters import Cluster, ClusterUnknown, Reviewed, cluster, untaught
from bot.insight.unanswered import Miss, Reference, Why

NOW = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def miss(text: str, days_ago: float = 0, why: Why = Why.DECLINED, **rest: Any) -> Miss:
    given = {"guess": "overdue", "confidence": 0.3, "is_private": False, **rest}
    at = NOW - timedelta(days=days_ago)
    reference = Reference(f"{text}{days_ago}", 0)
    return Miss(at=at, reference=reference, conversation_id="c_1", why=why, text=text, **given)


def by_first_character(module: str, arguments: tuple[str, ...], lines: Any) -> list[dict[str, Any]]:
    """Groups texts that begin alike; the longest is the most typical."""
    assert module == "bot.nlu.cluster"
    lines = list(lines)
    heads = list(dict.fromkeys(line["text"][0] for line in lines))
    return [
        {"id": one["id"], "cluster": heads.index(one["text"][0]), "closeness": len(one["text"]) / 100}
        for one in lines
    ]


def test_like_misses_come_together_with_the_most_typical_text_first():
    (found,) = cluster([miss("房"), miss("房子过户"), miss("房", 1)], by_first_character, NOW)
    assert found.texts == ["房子过户", "房"]
    assert found.to_wire()["count"] == 3


def test_the_newest_and_largest_come_first():
    misses = [
        *(miss("旧事", 35 + n) for n in range(8)),
        *(miss("新事", n / 10) for n in range(3)),
        miss("单"),
    ]
    assert [one.texts[0] for one in cluster(misses, by_first_character, NOW)] == ["新事", "单", "旧事"]


def test_nothing_unanswered_asks_nobody():
    def never(*_: object) -> list[dict[str, Any]]:
        raise AssertionError

    assert cluster([], never, NOW) == []


def test_what_customers_picked_goes_before_what_the_model_guessed():
    picked = miss("房", why=Why.PICKED, picked="other_mortgage")
    assert Cluster((miss("房", 1, confidence=0.99), picked)).suggestion == ("other_mortgage", "picks")
    assert Cluster((miss("房"),)).suggestion == ("overdue", "model")


def test_a_guess_that_the_customer_threw_out_counts_for_nothing():
    wrong = miss("房", why=Why.NONE_OF_THEM, guess="fees_tax", confidence=0.9)
    assert Cluster((wrong, miss("房子", confidence=0.2))).suggestion == ("overdue", "model")


def test_a_cluster_is_another_one_with_another_miss():
    one, two = miss("房"), miss("房子")
    assert Cluster((one, two)).id == Cluster((two, one)).id != Cluster((one,)).id


def test_reviewed_clusters_are_kept_by_place_and_without_words(tmp_path):
    kept = Reviewed(tmp_path / "cache" / "reviewed.json")
    found = Cluster(
        (Miss(NOW, Reference("u_1", 2), "c_1", Why.DECLINED, "王小明的房子", False, "overdue", 0.3),)
    )
    kept.keep([found])
    assert kept.references(found.id) == [Reference("u_1", 2)]
    assert "王小明" not in (tmp_path / "cache" / "reviewed.json").read_text(encoding="utf-8")
    kept.keep([])
    with pytest.raises(ClusterUnknown):
        kept.references(found.id)


def test_what_has_been_taught_is_not_listed_again():
    assert [one.text for one in untaught([miss("房"), miss("车")], lambda text: text == "车")] == ["房"]
