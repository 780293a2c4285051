"""Any name finds the group, in any script and spelling, and the answer says which name it was."""

from __future__ import annotations

import pytest

from actors.models.names import fold
from tests.cast import a_group


@pytest.fixture
def names(cast):
    rows = [
        {
            "name": "Harakat al-Nahr",
            "kind": "alias",
            "source": "leaflet",
            "from": "2009",
            "to": "2014",
        },
        {"name": "حركة النهر", "kind": "other_script", "language": "ar"},
        {"name": "Движение реки", "kind": "other_script", "language": "ru"},
        {"name": "Frente del Río Ñandú", "kind": "former"},
        {"name": "VRF", "kind": "acronym"},
    ]
    path = f"armed-groups/{cast.group.pk}/"
    assert cast.rosa.api().patch(path, {"names": rows}).status_code == 200
    a_group("Hill Tribesmen")


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("valdorian river", "Valdorian River Front"),
        ("VALDORIAN", "Valdorian River Front"),
        ("harakat al nahr", "Harakat al-Nahr"),
        ("Harakatal'nahr", "Harakat al-Nahr"),
        ("haraqat al-naher", "Harakat al-Nahr"),
        ("حركه", "حركة النهر"),
        ("الن", "حركة النهر"),
        ("نه", "حركة النهر"),
        ("движение", "Движение реки"),
        ("rio nandu", "Frente del Río Ñandú"),
        ("Valdorean Rivver Frunt", "Valdorian River Front"),
        ("vrf", "VRF"),
    ],
)
def test_any_name_finds_the_group_and_is_told(cast, names, words, name):
    answer = cast.amina.api().post("armed-groups/search/", {"q": words})
    assert answer.status_code == 200, answer.content
    told = answer.json()["results"]
    assert [row["id"] for row in told] == [str(cast.group.pk)]
    assert told[0]["matched"]["name"] == name


def test_the_match_says_what_kind_of_name_it_was_and_when(cast, names):
    answer = cast.amina.api().post("armed-groups/search/", {"q": "harakat", "brief": True})
    matched = answer.json()["results"][0]["matched"]
    assert matched == {"name": "Harakat al-Nahr", "kind": "alias", "from": "2009", "to": "2014"}


@pytest.mark.parametrize("words", ["va", "v r", "…", "  ", "", "ن", None, 5, "x" * 201, ["abc"]])
def test_too_little_to_look_for_is_refused(cast, words):
    answer = cast.amina.api().post("armed-groups/search/", {"q": words})
    assert answer.status_code == 400
    assert answer.json()["errors"][0]["field"] == "q"


def test_nothing_alike_finds_nothing(cast, names):
    answer = cast.amina.api().post("armed-groups/search/", {"q": "zzyzx quorum"})
    assert answer.json() == {"results": [], "next": None, "previous": None}


def test_a_group_out_of_sight_is_not_found(cast):
    a_group("Secret Front", context=cast.valdoria, level=3)
    query = {"q": "secret front", "count": True}
    assert cast.oskar.api().post("armed-groups/search/", query).json()["count"] == 0
    assert cast.amina.api().post("armed-groups/search/", query).json()["count"] == 1


def test_a_reader_searches_with_a_token_that_cannot_write(cast):
    api = cast.amina.api(write=False)
    assert len(api.post("armed-groups/search/", {"q": "river front"}).json()["results"]) == 1


def test_filters_pages_and_shape_work_in_the_body(cast):
    for number in range(5):
        a_group(f"Delta Band {number}")
    api, seen = cast.amina.api(), []
    body = {"q": "delta", "limit": 2, "ordering": "-name", "structure": ["UNK", "CEN"], "level": 1}
    while True:
        told = api.post("armed-groups/search/", body).json()
        seen += [row["name"] for row in told["results"]]
        if told["next"] is None:
            break
        assert "/" not in told["next"]
        body["cursor"] = told["next"]
    assert seen == [f"Delta Band {number}" for number in (4, 3, 2, 1, 0)]
    assert api.post("armed-groups/search/", {"q": "delta", "colour": "x"}).status_code == 400
    assert api.post("armed-groups/search/", {"q": "delta", "structure": {}}).status_code == 400


def test_ngos_are_found_by_acronym(cast):
    api = cast.rosa.api()
    api.patch(f"ngos/{cast.ngo.pk}/", {"acronym": "LDX"})
    told = api.post("ngos/search/", {"q": "ldx"}).json()["results"]
    assert told[0]["matched"]["kind"] == "acronym"


def test_a_corrected_name_is_found_and_the_wrong_one_is_not(cast):
    api = cast.rosa.api()
    api.patch(f"ngos/{cast.ngo.pk}/", {"name": "Candle Talks"})
    assert len(api.post("ngos/search/", {"q": "candle"}).json()["results"]) == 1
    assert api.post("ngos/search/", {"q": "lantern"}).json()["results"] == []


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Al-Shabaab", "al shabab"),
        ("Société", "societe"),
        ("Ærø", "aero"),
        ("STRASSE", "straße"),
        ("أحرار", "احرار"),
        ("ﬁrst", "first"),
        ("Ⅳ", "iv"),
    ],
)
def test_folding_makes_spellings_equal(one, other):
    assert fold(one) == fold(other)
