"""Two raters who differ by 2 or more are asked to agree; what they settle closes by itself."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from engagements.models import Interaction
from scorecards.models import Assessment, ReviewTask
from tests.cast import person
from tests.engagements import sent
from tests.engagements.reading_pages import links, words


@pytest.fixture
def sami(cast):
    """A second delegate in Valdoria."""
    return person("Sami", "delegate", 3, cast.valdoria)


def drafted(cast, who, ratings, **more):
    rows = [{"criterion": code, "rating": rating} for code, rating in ratings.items()]
    body = sent.assessment(cast, ratings=rows, **more)
    return f"assessments/{sent.saved(who.api(), 'assessments/', body)['id']}/"


def handed_in(cast, who, ratings, **more):
    path = drafted(cast, who, ratings, **more)
    assert who.api().post(f"{path}submit/").status_code == 200
    return path


def both(cast, sami, mine, theirs, **more):
    """Amina's and Sami's, begun before either was handed in."""
    paths = [drafted(cast, cast.amina, mine, **more), drafted(cast, sami, theirs, **more)]
    for who, path in zip((cast.amina, sami), paths, strict=True):
        assert who.api().post(f"{path}submit/").status_code == 200
    return paths


def tasks(progress="open"):
    rows = ReviewTask.objects.filter(reason="reconcile", progress=progress)
    return sorted(rows.values_list("subject", flat=True))


def the_page(task=None):
    return reverse("reconcile", args=[(task or ReviewTask.objects.get()).pk])


def test_a_task_opens_when_the_second_is_handed_in_and_not_before(cast, sami):
    handed_in(cast, cast.amina, {"D1": 0, "D2": 2, "S1": 4})
    assert tasks() == []
    handed_in(cast, sami, {"D1": 2, "D2": 3, "S1": 1, "S2": 0})
    assert tasks() == ["D1", "S1"]


def test_other_weeks_and_one_author_are_no_pair(cast, sami):
    handed_in(cast, cast.amina, {"D1": 0}, as_of=sent.day(40))
    handed_in(cast, sami, {"D1": 4})
    handed_in(cast, sami, {"D1": 0})
    assert tasks() == []


def test_the_page_shows_both_sides_with_anchors_and_evidence(cast, sami):
    held = sent.saved(cast.amina.api(), "interactions/", sent.meeting(cast))["id"]
    told = [{"criterion": "D1", "rating": 0, "grade": "A1", "evidence": [held], "note": "Searched"}]
    one = sent.saved(cast.amina.api(), "assessments/", sent.assessment(cast, ratings=told))["id"]
    cast.amina.api().post(f"assessments/{one}/submit/")
    handed_in(cast, sami, {"D1": 3})
    page = sami.page.get(the_page())
    for said in ("Amina", "Sami", "0 of 4", "3 of 4", "In no text", "Searched", "rated lowest"):
        assert said in words(page)
    assert reverse("meeting", args=[held]) in links(page)
    assert the_page() in links(cast.rosa.page.get(reverse("assess", args=[cast.dossier.pk])))


def test_nobody_else_learns_of_it(cast, sami):
    both(cast, sami, {"D1": 0}, {"D1": 4})
    third = person("Tess", "delegate", 3, cast.valdoria)
    for outsider in (third, cast.ann, cast.oskar):
        assert outsider.page.get(the_page()).status_code == 404
        assert outsider.page.post(the_page(), {"closed-note": "x"}).status_code == 404


def test_what_they_agree_on_goes_into_an_assessment_and_final_it_settles_the_task(cast, sami):
    both(cast, sami, {"D1": 0}, {"D1": 4})
    page = sami.page
    answer = page.post(the_page(), {"agree": "1", "agreed-rating": "2", "agreed-note": "One text"})
    agreed = Assessment.objects.get(stage="draft")
    assert answer.headers["Location"] == reverse("assessment", args=[agreed.pk])
    assert (agreed.author, agreed.ratings.get().rating) == (sami.user, 2)
    assert len(re.findall(r"\d of 4", words(page.get(the_page())))) >= 2
    sami.api().post(f"assessments/{agreed.pk}/submit/")
    assert tasks() == ["D1"]
    cast.rosa.api().post(f"assessments/{agreed.pk}/finalise/")
    assert (tasks(), tasks("done")) == ([], ["D1"])
    assert "A later final assessment has settled it" in words(page.get(the_page()))


def test_the_agreed_rating_joins_an_assessment_that_is_open_already(cast, sami):
    both(cast, sami, {"D1": 0}, {"D1": 4})
    own = drafted(cast, sami, {"D2": 3})
    sami.page.post(the_page(), {"agree": "1", "agreed-rating": "2"})
    rated = {row["criterion"]: row["rating"] for row in sami.api().get(own).json()["ratings"]}
    assert rated == {"D1": 2, "D2": 3}


def test_a_returned_one_that_comes_back_closer_closes_it(cast, sami):
    first, _ = both(cast, sami, {"D1": 0}, {"D1": 4})
    cast.rosa.api().post(f"{first}return/", {"note": "Talk to Sami"})
    assert tasks() == ["D1"]
    amina = cast.amina.api()
    amina.patch(first, {"ratings": [{"criterion": "D1", "rating": 3}]})
    amina.post(f"{first}submit/")
    assert (tasks(), tasks("done")) == ([], ["D1"])


def test_withdrawing_one_of_the_two_closes_it(cast, sami):
    _, second = both(cast, sami, {"D1": 0}, {"D1": 4})
    cast.rosa.api().post(f"{second}withdraw/", {"reason": "Another group"})
    assert (tasks(), tasks("done")) == ([], ["D1"])
    cast.rosa.api().post(f"{second}restore/", {"reason": "The right one after all"})
    assert tasks() == ["D1"]


def test_it_is_closed_with_a_note(cast, sami):
    both(cast, sami, {"D1": 0}, {"D1": 4})
    page, told = cast.rosa.page, {"closed-progress": "done", "version": "1"}
    empty = page.post(the_page(), told | {"closed-note": " "})
    assert empty.status_code == 422
    assert "Say what you found" in empty.content.decode()
    late = page.post(the_page(), told | {"closed-note": "x", "version": "7"})
    assert "dealt with this meanwhile" in late.content.decode()
    assert tasks() == ["D1"]
    assert page.post(the_page(), told | {"closed-note": "Two valleys"}).status_code == 302
    task = ReviewTask.objects.get()
    assert (task.progress, task.note, task.closed_by) == ("done", "Two valleys", cast.rosa.user)
    again = page.post(the_page(), told | {"closed-note": "x", "version": "2"})
    assert "closed this task already" in again.content.decode()


@pytest.mark.parametrize("rating", ["", "9", "na", "x"])
def test_an_agreement_that_makes_no_sense_is_refused(cast, sami, rating):
    both(cast, sami, {"D1": 0}, {"D1": 4})
    answer = sami.page.post(the_page(), {"agree": "1", "agreed-rating": rating})
    assert answer.status_code == 422
    assert not Assessment.objects.filter(stage="draft").exists()


def test_only_the_two_raters_agree(cast, sami):
    both(cast, sami, {"D1": 0}, {"D1": 4})
    assert "Take it into my assessment" not in words(cast.rosa.page.get(the_page()))
    answer = cast.rosa.page.post(the_page(), {"agree": "1", "agreed-rating": "2"})
    assert answer.status_code == 403
    assert not Assessment.objects.filter(stage="draft").exists()


# --- Readings of judged factors -------------------------------------------------------------------


def noted(cast, who, rating, factor="GR4", **more):
    told = sent.meeting(cast, readings=[{"factor": factor, "rating": rating}], **more)
    return sent.saved(who.api(), "interactions/", told)["id"]


def test_two_readings_of_one_meeting_day_far_apart_open_a_task(cast, sami):
    noted(cast, cast.amina, 4)
    noted(cast, sami, 3)
    noted(cast, sami, 0, held_on=sent.day(9))
    assert tasks() == []
    noted(cast, sami, 2, factor="QI1")
    noted(cast, cast.amina, 0, factor="QI1")
    assert tasks() == ["QI1"]
    page = words(sami.page.get(the_page()))
    assert all(said in page for said in ("Amina", "Sami", "0 of 4", "2 of 4"))


def test_correcting_a_reading_closes_it_and_withdrawing_the_meeting_too(cast, sami):
    noted(cast, cast.amina, 4)
    second = noted(cast, sami, 0)
    assert tasks() == ["GR4"]
    path = f"interactions/{second}/"
    sami.api().patch(path, {"readings": [{"factor": "GR4", "rating": 3}]})
    assert (tasks(), tasks("done")) == ([], ["GR4"])
    sami.api().patch(path, {"readings": [{"factor": "GR4", "rating": 1}]})
    assert tasks() == ["GR4"]
    sami.api().post(f"{path}withdraw/", {"reason": "Another group"})
    assert tasks() == []


def test_who_may_not_read_one_of_the_two_meetings_learns_nothing(cast, sami):
    noted(cast, cast.amina, 4)
    second = noted(cast, sami, 0)
    Interaction.objects.filter(pk=second).update(level=4)
    assert cast.amina.page.get(the_page()).status_code == 404
    assert cast.rosa.page.get(the_page()).status_code == 200


# --- How far raters agree -------------------------------------------------------------------------


def test_heads_see_kappa_from_20_pairs_on(cast, sami):
    address = reverse("agreement")
    codes = [f"D{n}" for n in range(1, 12)] + [f"S{n}" for n in range(1, 8)]
    both(cast, sami, dict.fromkeys(codes, 2), dict.fromkeys(codes, 2), as_of=sent.day(200))
    page = words(cast.rosa.page.get(address))
    assert "18 pairs so far; kappa from 20 on" in page
    assert "0 pairs so far" in page
    both(cast, sami, {"D1": 0, "D2": 4}, {"D1": 0, "D2": 4}, as_of=sent.day(100))
    assert "1.00 weighted kappa from 20 pairs" in words(cast.rosa.page.get(address))
    for other in (cast.amina, cast.ann, cast.oskar):
        assert other.page.get(address).status_code == 404


def test_kappa_counts_what_was_said_before_they_talked(cast, sami):
    codes = ["D1", "D2", "D3", "D4", "D5", "D7", "D8", "D9", "D10", "D11"]
    codes += ["S1", "S2", "S3", "S4", "S5", "S6", "S7", "P1", "P2", "P3"]
    mine, theirs = dict.fromkeys(codes, 0), dict.fromkeys(codes, 4)
    first, _ = both(cast, sami, mine, theirs)
    before = words(cast.rosa.page.get(reverse("agreement")))
    assert "-1.00 weighted kappa from 20 pairs" in before.replace("−", "-")
    cast.rosa.api().post(f"{first}return/", {"note": "Talk to Sami"})
    agreed = [{"criterion": code, "rating": 4} for code in codes]
    cast.amina.api().patch(first, {"ratings": agreed})
    cast.amina.api().post(f"{first}submit/")
    assert words(cast.rosa.page.get(reverse("agreement"))) == before


def test_readings_of_one_meeting_day_are_pairs_too(cast, sami):
    factors = ["EN6", "NG1", "NG2", "NG4", "NG5", "NG6", "GR1", "GR2", "GR3", "GR4"]
    for day in (2, 3):
        for who, shift in ((cast.amina, 0), (sami, day - 2)):
            readings = [
                {"factor": code, "rating": (n + shift) % 5} for n, code in enumerate(factors)
            ]
            body = sent.meeting(cast, held_on=sent.day(day), readings=readings)
            sent.saved(who.api(), "interactions/", body)
    assert "weighted kappa from 20 pairs" in words(cast.rosa.page.get(reverse("agreement")))


def test_how_far_raters_agree_costs_the_same_for_two_dossiers_and_five(cast, sami):
    address, counts = reverse("agreement"), []
    for norms in (("N01", "N02"), ("N03", "N04", "N05")):
        for norm in norms:
            made = sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast, norm=norm))["id"]
            both(cast, sami, {"D1": 1}, {"D1": 2}, dossier=made)
        with CaptureQueriesContext(connection) as asked:
            assert cast.rosa.page.get(address).status_code == 200
        counts.append(len(asked))
    assert counts[0] == counts[1]


def test_a_page_of_two_raters_costs_the_same_for_one_task_and_several(cast, sami):
    counts = []
    for codes in (["D1"], ["D1", "D2", "D3", "S1"]):
        Assessment.objects.update(state="withdrawn")
        ReviewTask.objects.update(state="withdrawn")
        both(cast, sami, dict.fromkeys(codes, 0), dict.fromkeys(codes, 4))
        task = ReviewTask.objects.filter(state="current").first()
        for address in (the_page(task), reverse("assess", args=[cast.dossier.pk])):
            with CaptureQueriesContext(connection) as asked:
                assert cast.amina.page.get(address).status_code == 200
            counts.append(len(asked))
    assert counts[:2] == counts[2:]


def test_a_final_assessment_above_their_level_settles_nothing_for_them(cast, sami):
    """What the two may not read closes no task of theirs, and keeps none from opening."""
    both(cast, sami, {"D1": 0}, {"D1": 4})
    hana = person("Hana", "head", 4, cast.valdoria)
    path = drafted(cast, hana, {"D1": 2})
    above = Assessment.objects.filter(author=hana.user)
    above.update(level=4)  # no token reaches it from here on
    for who, act in ((hana, "submit"), (cast.rosa, "finalise")):
        assert who.page.post(f"/{path}{act}/").status_code == 302
    assert above.get().stage == "final"
    assert list(cast.amina.api().ids("review-tasks/?state=open")) == [
        str(ReviewTask.objects.get(level=3, progress="open").pk)
    ]


def test_a_reading_above_their_level_keeps_no_task_of_theirs_open(cast, sami):
    def noted(who, rating):
        told = sent.meeting(cast, readings=[{"factor": "GR4", "rating": rating}], level=3)
        return f"interactions/{sent.saved(who.api(), 'interactions/', told)['id']}/"

    noted(cast.amina, 4)
    path = noted(sami, 0)
    task = ReviewTask.objects.get(level=3)
    noted(cast.rosa, 0)
    Interaction.objects.filter(created_by=cast.rosa.user).update(level=4)
    sami.api().patch(path, {"readings": [{"factor": "GR4", "rating": 4}]})
    task.refresh_from_db()
    assert task.progress == "done"
    assert ReviewTask.objects.filter(level=4, progress="open").exists()
