"""Armed groups: the list, its search, and the file of one group."""

from __future__ import annotations

from django.urls import reverse

from actors.models import GroupName, Listing
from records.dates import PartialDate
from tests.cast import a_group
from tests.engagements import sent
from tests.engagements.reading_pages import links, section, words

LIST = "/groups/"


def search(client, name):
    """Post a search and follow it; the page, and the address it stands at."""
    answer = client.post(LIST, {"words": name})
    assert answer.status_code == 302
    address = answer.headers["Location"]
    return client.get(address), address


def test_the_list_says_where_contact_stands(cast):
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, held_on="2026-05-04"))
    sent.saved(cast.amina.api(), "commitments/", sent.commitment(cast))
    page = words(cast.amina.page.get(LIST))
    for said in (cast.group.name, "Valdoria", "2026-05-04", "Senior or regional", "Signed"):
        assert said in page


def test_an_outsider_sees_the_reference_list_and_nothing_of_the_dealings(cast):
    sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast, held_on="2026-05-04"))
    own = a_group("Quiet Company", context=cast.valdoria)
    page = words(cast.oskar.page.get(LIST))
    assert cast.group.name in page
    assert "2026-05-04" not in page
    assert "Valdoria " not in page.replace(cast.group.name, "")
    assert own.name not in page
    assert own.name in words(cast.amina.page.get(LIST))
    assert cast.oskar.page.get(reverse("group", args=[own.pk])).status_code == 404


def test_the_list_neither_ranks_nor_sorts_by_score(cast):
    for name in ("Zulu Band", "alpha Band", "Mike Band"):
        a_group(name)
    page = cast.amina.page.get(LIST)
    names = [row.group.name for row in page.context["rows"]]
    assert names == sorted(names)
    assert "ordering" not in page.content.decode()


def test_a_search_finds_old_names_and_other_scripts_and_says_why(cast):
    GroupName.objects.create(
        group=cast.group,
        name="Union of the Ford",
        kind="former",
        begun_first="2009-01-01",
        begun_precision="year",
        ended_first="2014-01-01",
        ended_precision="year",
    )
    GroupName.objects.create(group=cast.group, name="جبهة النهر", kind="other_script")
    page, _ = search(cast.amina.page, "union of the ford")
    assert "Former name: Union of the Ford, 2009 to 2014" in words(page)
    page, _ = search(cast.amina.page, "جبهة")
    assert "In another script: جبهة النهر" in words(page)


def test_the_words_of_a_search_never_stand_in_an_address(cast):
    client = cast.amina.page
    page, address = search(client, "River Front")
    assert cast.group.name in words(page)
    assert "River" not in address
    assert all("River" not in link for link in links(page))
    assert cast.group.name in words(client.get(address))  # reload
    assert "no longer kept" in words(cast.rosa.page.get(address))  # another session


def test_a_search_too_short_or_without_a_find_is_said_in_words(cast):
    page, _ = search(cast.amina.page, "ab")
    assert "Write at least 3 letters" in words(page)
    page, _ = search(cast.amina.page, "Xylophone")
    assert "No group is known by this name" in words(page)


def test_the_file_tells_who_they_are(cast):
    api = cast.amina.api()
    sent.saved(
        api,
        "counterparts/",
        {
            "armed_group": str(cast.group.pk),
            "context": str(cast.valdoria.pk),
            "code": "VRF-07",
            "role": "Speaks for the east",
            "level": "L2",
        },
    )
    Listing.objects.create(group=cast.group, list="regional", source="Gazette 12", grade="A1")
    cast.group.structure, cast.group.active_from = "COM", PartialDate.parse("2014-03")
    cast.group.save()
    page = cast.amina.page.get(reverse("group", args=[cast.group.pk]))
    assert "Scorecard says little" in section(page, "who")
    assert "from 2014-03" in section(page, "who")
    assert "Regional list" in section(page, "listings")
    assert "VRF-07 senior or regional, Speaks for the east" in section(page, "people")
    for_analyst = cast.ann.page.get(reverse("group", args=[cast.group.pk]))
    assert "VRF-07" in section(for_analyst, "people")
    assert "Speaks for the east" not in words(for_analyst)


def test_dossiers_stand_side_by_side_for_those_who_may_see_them(cast):
    address = reverse("group", args=[cast.group.pk])
    dossier = reverse("dossier", args=[cast.dossier.pk])
    assert dossier in links(cast.amina.page.get(address))
    outside = cast.oskar.page.get(address)
    assert dossier not in links(outside)
    assert "No dealings with this group are recorded" in words(outside)


def test_commitments_incidents_and_meetings_stand_in_the_file(cast):
    api = cast.amina.api()
    rows = {
        "meeting": sent.saved(api, "interactions/", sent.meeting(cast))["id"],
        "commitment": sent.saved(api, "commitments/", sent.commitment(cast))["id"],
        "incident": sent.saved(api, "incidents/", sent.incident(cast))["id"],
    }
    shown = links(cast.amina.page.get(reverse("group", args=[cast.group.pk])))
    hidden = links(cast.oskar.page.get(reverse("group", args=[cast.group.pk])))
    for name, pk in rows.items():
        assert reverse(name, args=[pk]) in shown
        assert reverse(name, args=[pk]) not in hidden
