"""Section 1.2: the card fits a central command; wherever one is shown, a group's page says so."""

from __future__ import annotations

import pytest
from django.urls import reverse

from actors.models import ArmedGroup
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.reading_pages import section, words

WORDS = {
    "DEC": ("partial", "Scorecard holds in part"),
    "COM": ("weak", "Scorecard says little"),
    "UNK": ("unknown", "Structure not known"),
}


def structured(cast: Cast, code: str) -> None:
    ArmedGroup.objects.filter(pk=cast.group.pk).update(structure=code)
    sent.recompute()


def pages(cast: Cast) -> list[str]:
    return [
        reverse("dossier", args=[cast.dossier.pk]),
        reverse("evidence", args=[cast.dossier.pk, "scorecard"]),
        reverse("group", args=[cast.group.pk]),
        reverse("ngo", args=[cast.ngo.pk]),
    ]


@pytest.mark.parametrize("code", WORDS)
def test_every_page_with_a_card_says_how_far_it_fits(cast: Cast, code: str) -> None:
    structured(cast, code)
    for address in pages(cast):
        assert WORDS[code][1].lower() in words(cast.amina.page.get(address)).lower(), address
    lines = section(cast.amina.page.get(pages(cast)[2]), "dossiers")
    assert WORDS[code][1].lower() in lines


def test_a_centralised_group_has_no_warning(cast: Cast) -> None:
    structured(cast, "CEN")
    for address in pages(cast):
        shown = words(cast.amina.page.get(address)).lower()
        assert not any(text.lower() in shown for _, text in WORDS.values()), address


def test_the_api_names_it_and_a_new_structure_is_a_new_answer(cast: Cast) -> None:
    api, path = cast.amina.api(), f"scorecards/{cast.dossier.pk}/"
    structured(cast, "CEN")
    before = api.get(path)
    assert before.json()["validity"] == "full"
    listed = api.get("scorecards/").headers["ETag"]
    for code, (validity, _) in WORDS.items():
        structured(cast, code)
        answer = api.get(path, If_None_Match=before.headers["ETag"])
        assert answer.status_code == 200
        assert answer.json()["validity"] == validity
    assert api.get("scorecards/").headers["ETag"] != listed
    assert api.get("scorecards/").json()["results"][0]["validity"] == "unknown"
