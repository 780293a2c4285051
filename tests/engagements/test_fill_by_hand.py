"""A register that began empty is filled on pages, one short form for each kind of record."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.urls import reverse

from actors.models import ArmedGroup, ContextFact, Ngo
from engagements.models import Commitment, Dossier, Engagement, Incident, Observation
from engagements.tasks import sweep_jobs
from scorecards.models import Standing
from tests.cast import a_group, an_ngo
from tests.engagements.reading_pages import words

FORMS = {
    "new_ngo": Ngo,
    "new_group": ArmedGroup,
    "new_engagement": Engagement,
    "new_incident": Incident,
    "new_observation": Observation,
    "new_commitment": Commitment,
}


def told(cast, name) -> dict[str, Any]:
    """Good answers to each form."""
    context, group = str(cast.valdoria.pk), str(cast.group.pk)
    forms: dict[str, dict[str, Any]] = {
        "new_ngo": {"name": "Ford Watch", "main_type": "POL", "context": context},
        "new_group": {"name": "Ford Company", "structure": "DEC", "context": context},
        "new_engagement": {
            "ngo": str(an_ngo("Second House").pk),
            "armed_group": group,
            "context": context,
        },
        "new_incident": {
            "armed_group": group,
            "context": context,
            "category": "pillage",
            "occurred_on": "2026-05",
            "standard": "credible",
            "attribution": "unknown",
            "response": "none",
        },
        "new_observation": {
            "armed_group": group,
            "context": context,
            "quarter": "2026-04",
            "location_months": "4.5",
        },
        "new_commitment": {
            "name": "Order of the day",
            "dossiers": [str(cast.dossier.pk)],
            "instrument": "COC",
            "status": "signed",
            "verification": "V1",
            "clauses-0-text": "Nobody enters a clinic armed",
            "clauses-0-norm": "N03",
            "clauses-0-obligation": "do_not",
        },
    }
    return forms[name] | {"pk": str(uuid4())}


@pytest.mark.parametrize("name", FORMS)
def test_each_form_saves_one_record_and_leads_to_its_page(cast, name):
    client, sent = cast.amina.page, told(cast, name)
    before = FORMS[name].objects.count()
    assert "Not saved yet" not in words(client.get(reverse(name)))
    answer = client.post(reverse(name), sent)
    assert answer.status_code == 302, words(answer)
    again = client.post(reverse(name), sent)
    assert again.status_code == 302
    assert again.headers["Location"] == answer.headers["Location"]
    assert FORMS[name].objects.count() == before + 1
    assert client.get(answer.headers["Location"]).status_code == 200


@pytest.mark.parametrize("name", FORMS)
def test_those_who_only_read_are_refused(cast, name):
    sent = told(cast, name)
    before = FORMS[name].objects.count()
    for person in (cast.ann, cast.ada):
        assert person.page.get(reverse(name)).status_code == 403
        assert person.page.post(reverse(name), sent).status_code == 403
    assert FORMS[name].objects.count() == before


@pytest.mark.parametrize("name", FORMS)
def test_a_form_left_open_says_what_is_needed_and_keeps_the_rest(cast, name):
    sent = told(cast, name)
    dropped = "category" if name == "new_incident" else next(iter(sent))
    answer = cast.amina.page.post(reverse(name), sent | {dropped: ""})
    assert answer.status_code == 422
    assert dropped in answer.context["form"].errors
    kept = next(v for k, v in sent.items() if k not in (dropped, "pk") and isinstance(v, str) and v)
    assert kept in answer.content.decode()


def test_an_engagement_opens_with_its_first_dossier_and_is_refused_twice(cast):
    sent = told(cast, "new_engagement")
    cast.amina.page.post(reverse("new_engagement"), sent)
    assert Dossier.objects.get(engagement=sent["pk"]).norm == "GEN"
    again = cast.amina.page.post(reverse("new_engagement"), sent | {"pk": str(uuid4())})
    assert again.status_code == 422
    assert "already has an engagement" in again.content.decode()


def test_a_dossier_is_opened_on_a_topic_once(cast):
    address = reverse("new_dossier", args=[cast.engagement.pk])
    sent = {"norm": "N11", "pk": str(uuid4())}
    assert cast.ann.page.post(address, sent).status_code == 403
    assert cast.oskar.page.post(address, sent).status_code == 404
    assert cast.amina.page.post(address, sent).status_code == 302
    assert cast.amina.page.post(address, sent | {"pk": str(uuid4())}).status_code == 422
    assert Dossier.objects.filter(norm="N11").count() == 1


def test_a_fact_of_the_context_makes_its_scores_due(cast):
    sweep_jobs()
    address = reverse("new_fact", args=[cast.valdoria.pk])
    sent = {"fact": "intensity:I2", "begun": "2026", "grade": "B2", "pk": str(uuid4())}
    assert cast.oskar.page.post(address, sent).status_code == 404
    assert cast.ann.page.post(address, sent).status_code == 403
    assert cast.amina.page.post(address, sent).status_code == 302
    second = {"fact": "leader_change:", "begun": "2026-03", "pk": str(uuid4())}
    assert cast.amina.page.post(address, second).status_code == 422
    assert cast.amina.page.post(address, second | {"value": "New council"}).status_code == 302
    assert ContextFact.objects.count() == 2
    assert Standing.objects.get(dossier=cast.dossier, clearance=3).is_behind
    page = words(cast.amina.page.get(reverse("context", args=[cast.valdoria.pk])))
    assert "Conflict intensity: Minor conflict" in page
    assert "Change of leader: New council" in page


def test_names_of_hidden_groups_are_no_choice(cast):
    own = a_group("Quiet Company", context=cast.kestria)
    page = cast.amina.page.get(reverse("new_engagement")).content.decode()
    assert own.name not in page
    sent = told(cast, "new_engagement") | {"armed_group": str(own.pk)}
    answer = cast.amina.page.post(reverse("new_engagement"), sent)
    assert answer.status_code == 422
    assert "Choose one from the list" in answer.content.decode()


def test_a_level_above_ones_clearance_is_refused_in_words(cast):
    answer = cast.amina.page.post(
        reverse("new_incident"), told(cast, "new_incident") | {"level": "4"}
    )
    assert answer.status_code == 422
    assert "Your clearance here is 3" in answer.content.decode()
    assert not Incident.objects.exists()


@pytest.mark.parametrize("rubbish", ["\0", "x" * 30_000, "2026-13", "not-an-id", "1e400"])
@pytest.mark.parametrize("name", FORMS)
def test_whatever_is_sent_is_refused_in_words_and_nothing_is_saved(cast, name, rubbish):
    sent = dict.fromkeys(told(cast, name), rubbish)
    before = FORMS[name].objects.count()
    answer = cast.amina.page.post(reverse(name), sent)
    assert answer.status_code == 422
    assert FORMS[name].objects.count() == before
