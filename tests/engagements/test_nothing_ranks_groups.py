"""Groups are not ranked: no list takes its order from a score, index or stage (section 2.5)."""

from __future__ import annotations

import re
from typing import Any

import pytest

from actors.models import ArmedGroup
from engagements import api_urls
from engagements.services.dossiers import open_engagement
from scorecards.models import Standing
from tests.cast import Cast, a_group
from tests.engagements import sent

MEASURES = re.compile(r"score|index|stage|value|direction|rate|trend|validity|dimension|minimum")


def resources() -> list[Any]:
    """Every noun that a list of the API is made of."""
    found = (getattr(one.callback, "view_class", one.callback) for one in api_urls.urlpatterns)
    classes = (getattr(view, "cls", view) for view in found)
    nouns = {getattr(view, "resource", None) for view in classes}
    return [noun for noun in nouns if noun is not None and hasattr(noun, "orderings")]


def test_no_list_of_the_api_can_be_ordered_by_a_measure() -> None:
    nouns = resources()
    assert len(nouns) > 10
    offered = {(noun.name, name) for noun in nouns for name in noun.orderings}
    assert ("scorecards", "opened_on") in offered
    assert [pair for pair in offered if MEASURES.search(pair[1])] == []


@pytest.mark.parametrize("measure", ["index", "score", "stage", "dimensions", "minimum"])
def test_asking_for_such_an_order_is_refused(cast: Cast, measure: str) -> None:
    for noun in ("scorecards", "success-factors", "dossiers", "armed-groups"):
        for sign in ("", "-"):
            answer = cast.amina.api().get(f"{noun}/?ordering={sign}{measure}")
            assert answer.status_code == 400, (noun, measure)


def names_in_order(page: Any, names: list[str]) -> list[str]:
    source = page.content.decode().partition("<main")[2]
    found = {name: source.find(name) for name in names}
    assert min(found.values()) >= 0, found
    return sorted(names, key=lambda name: found[name])


def test_scores_move_no_group_or_dossier_up_or_down_a_page(cast: Cast) -> None:
    ArmedGroup.objects.filter(pk=cast.group.pk).update(name="Middle Ford")
    names = ["Alder Band", "Middle Ford", "Zephyr Host"]
    for name in (names[0], names[2]):
        group = a_group(name, context=cast.valdoria)
        open_engagement(cast.rosa.viewer, ngo=cast.ngo, armed_group=group, context=cast.valdoria)
    sent.recompute()
    pages = ("/groups/", f"/ngos/{cast.ngo.pk}/")
    before = [names_in_order(cast.amina.page.get(address), names) for address in pages]
    for place, name in enumerate(names):
        _score(name, 90 - 30 * place)
    falling = [names_in_order(cast.amina.page.get(address), names) for address in pages]
    for place, name in enumerate(names):
        _score(name, 30 + 30 * place)
    rising = [names_in_order(cast.amina.page.get(address), names) for address in pages]
    assert before == falling == rising == [names, names]


def _score(group: str, value: float) -> None:
    """Publish this index and score for the group, at every clearance."""
    rows = Standing.objects.filter(dossier__engagement__armed_group__name=group)
    for standing in rows.select_related("scorecard", "success_factors"):
        published: Any = standing
        for snapshot, name in (
            (published.scorecard, "index"),
            (published.success_factors, "score"),
        ):
            snapshot.result[name], snapshot.value = value, value
            snapshot.save()
