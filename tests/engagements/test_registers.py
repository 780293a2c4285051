"""Promises, commitments and incidents: the lists, and the pages of one."""

from __future__ import annotations

from django.urls import reverse

from tests.engagements import sent
from tests.engagements.reading_pages import links, section, words


def test_promises_stand_by_side_and_by_how_they_press(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    for side, text, due in (
        ("theirs", "They open the road", sent.day(4)),
        ("ours", "We bring the text", sent.day(-40)),
        ("ours", "We come again", None),
    ):
        sent.saved(api, "claims/", sent.claim(held, side=side, text=text, due_on=due))
    page = cast.amina.page.get("/promises/")
    ours, theirs = section(page, "side-1"), section(page, "side-2")
    assert "We bring the text" in ours
    assert "no day set" in ours
    assert f"overdue since {sent.day(4)}" in theirs
    assert "They open the road" not in ours
    for person in (cast.ann, cast.oskar):
        assert "They open the road" not in words(person.page.get("/promises/"))


def test_a_settled_promise_says_how(cast):
    api = cast.amina.api()
    held = sent.saved(api, "interactions/", sent.meeting(cast))["id"]
    made = sent.saved(api, "claims/", sent.claim(held, due_on=sent.day(1)))["id"]
    answer = api.patch(f"claims/{made}/", {"state": "kept", "settled_by": held})
    assert answer.status_code == 200, answer.content
    assert "kept" in section(cast.amina.page.get("/promises/"), "side-2")


def test_a_commitment_shows_clauses_course_and_sources(cast):
    bound = sent.saved(cast.amina.api(), "commitments/", sent.commitment(cast))["id"]
    happened = sent.incident(cast, commitments=[bound])
    incident = sent.saved(cast.amina.api(), "incidents/", happened)["id"]
    address = reverse("commitment", args=[bound])
    page = cast.amina.page.get(address)
    assert "Nobody under 18" in section(page, "clauses")
    assert "promised" in section(page, "clauses")
    assert "Signed" in section(page, "course")
    assert "Copy handed over" in section(page, "sources")
    assert reverse("incident", args=[incident]) in links(page)
    assert reverse("dossier", args=[cast.dossier.pk]) in links(page)
    assert cast.oskar.page.get(address).status_code == 404


def test_commitments_are_filtered_by_topic_status_and_dossier(cast):
    bound = sent.saved(cast.amina.api(), "commitments/", sent.commitment(cast))["id"]
    address = reverse("commitment", args=[bound])
    client = cast.amina.page
    for query in ("norm=N11", "status=signed", "instrument=COC", f"dossier={cast.dossier.pk}"):
        assert address in links(client.get(f"/commitments/?{query}"))
    for query in ("norm=N14", "status=lapsed"):
        assert address not in links(client.get(f"/commitments/?{query}"))
    assert address not in links(cast.oskar.page.get("/commitments/"))
    assert 'role="alert"' in client.get("/commitments/?norm=X").content.decode()


def test_an_incident_shows_its_account_to_those_who_read_in_full(cast):
    told = sent.incident(cast, occurred_on="2026-05-12", description="Two wells", level=3)
    made = sent.saved(cast.amina.api(), "incidents/", told)["id"]
    address = reverse("incident", args=[made])
    assert "Two wells" in words(cast.amina.page.get(address))
    for_analyst = cast.ann.page.get(address).content.decode()
    assert "Two wells" not in for_analyst
    assert "2026-05-12" not in for_analyst
    assert "2026-05" in for_analyst
    assert cast.oskar.page.get(address).status_code == 404


def test_incidents_are_filtered_by_group_and_standard(cast):
    made = sent.saved(cast.amina.api(), "incidents/", sent.incident(cast))["id"]
    address, client = reverse("incident", args=[made]), cast.amina.page
    assert address in links(client.get(f"/incidents/?armed_group={cast.group.pk}"))
    assert address in links(client.get(f"/incidents/?dossier={cast.dossier.pk}&standard=credible"))
    assert address not in links(client.get("/incidents/?standard=refuted"))
    assert address not in links(cast.oskar.page.get("/incidents/"))
