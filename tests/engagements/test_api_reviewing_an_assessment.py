"""An assessment counts once a second person has made it final; from then on it stays."""

from __future__ import annotations

from tests.cast import person
from tests.engagements import sent


def a_draft(cast, **more):
    row = sent.saved(cast.amina.api(), "assessments/", sent.assessment(cast, **more))
    return f"assessments/{row['id']}/"


def test_a_draft_is_its_authors_alone(cast):
    path = a_draft(cast)
    assert cast.amina.api().get(path).json()["state"] == "draft"
    for other in (cast.rosa, cast.ann, cast.oskar):
        assert other.api().get(path).status_code == 404
        assert other.api().ids("assessments/") == []
    since = "assessments/?updated_since=2020-01-01T00:00:00Z"
    cast.amina.api().patch(path, {"as_of": sent.day(1)})
    assert cast.rosa.api().get(since).json()["results"] == []


def test_it_is_submitted_returned_corrected_and_made_final_by_two_people(cast):
    path, amina, rosa = a_draft(cast), cast.amina.api(), cast.rosa.api()
    submitted = amina.post(f"{path}submit/").json()
    assert (submitted["state"], submitted["author"]) == ("submitted", str(cast.amina.user.pk))
    assert "state" in sent.refused(amina.patch(path, {"as_of": sent.day(2)}))
    assert "note" in sent.refused(rosa.post(f"{path}return/", {}))
    # Returned, it is its author's alone again.
    assert rosa.post(f"{path}return/", {"note": "D1 rests on nothing"}).status_code == 204
    mine = amina.get(path).json()
    assert (mine["state"], mine["return_note"]) == ("returned", "D1 rests on nothing")
    assert amina.patch(path, {"as_of": sent.day(2)}).status_code == 200
    assert amina.post(f"{path}submit/").json()["state"] == "submitted"
    final = rosa.post(f"{path}finalise/").json()
    assert (final["state"], final["reviewer"]) == ("final", str(cast.rosa.user.pk))


def test_a_final_assessment_is_never_edited(cast):
    path, amina = a_draft(cast), cast.amina.api()
    amina.post(f"{path}submit/")
    cast.rosa.api().post(f"{path}finalise/")
    before = amina.get(path).json()
    assert "never changed" in sent.refused(amina.patch(path, {"ratings": []}))["state"]
    for step in ("submit/", "return/", "finalise/"):
        body = {"note": "x"} if step == "return/" else {}
        assert cast.rosa.api().post(f"{path}{step}", body).status_code in (400, 403)
    assert amina.get(path).json() == before


def test_nobody_reviews_their_own_and_a_delegate_reviews_none(cast):
    rosa = cast.rosa.api()
    own = f"assessments/{sent.saved(rosa, 'assessments/', sent.assessment(cast))['id']}/"
    rosa.post(f"{own}submit/")
    assert rosa.post(f"{own}finalise/").status_code == 403
    assert rosa.post(f"{own}return/", {"note": "x"}).status_code == 403
    # Who does not review learns of it when it is final: two raters rate apart.
    assert cast.amina.api().post(f"{own}finalise/").status_code == 404
    assert cast.oskar.api().post(f"{own}finalise/").status_code == 404
    second = person("Sami", "head", 3, cast.valdoria).api()
    assert second.post(f"{own}finalise/").json()["state"] == "final"


def test_only_its_author_changes_or_submits_it(cast):
    path = a_draft(cast)
    cast.amina.api().post(f"{path}submit/")
    assert cast.rosa.api().patch(path, {"as_of": sent.day(3)}).status_code == 403
    assert cast.rosa.api().post(f"{path}submit/").status_code == 403


def test_an_empty_assessment_is_not_submitted(cast):
    path = a_draft(cast, ratings=[])
    assert "ratings" in sent.refused(cast.amina.api().post(f"{path}submit/"))


def test_what_it_rests_on_is_shown_and_lifts_its_level(cast):
    api = cast.amina.api()
    low = sent.saved(api, "interactions/", sent.meeting(cast, level=1))["id"]
    high = sent.saved(api, "incidents/", sent.incident(cast, level=3))["id"]
    rated = [
        {"criterion": "D1", "rating": 1, "evidence": [low], "note": "Seen on paper"},
        {"criterion": "D6", "rating": "na"},
        {"criterion": "D2", "rating": None},
        {"criterion": "S1", "rating": 3, "evidence": [high, low], "observed_on": "2026-05"},
    ]
    gates = [{"gate": "norm_accepted", "met": True, "evidence": [low], "grade": "B2"}]
    open_ = a_draft(cast, ratings=rated[:1])
    assert api.get(open_).json()["level"] == 1
    path = a_draft(cast, ratings=rated, gates=gates)
    shown = api.get(path).json()
    assert shown["level"] == 3
    # In the order of the scorecard: D1, D2, D6, S1.
    assert [row["rating"] for row in shown["ratings"]] == [1, None, "na", 3]
    linked = [sorted(row["evidence"]) for row in shown["ratings"]]
    assert linked == [[low], [], [], sorted([high, low])]
    assert shown["ratings"][3]["observed_on"] == "2026-05"
    assert shown["gates"][0]["evidence"] == [low]


def test_an_analyst_reads_a_final_one_without_its_notes(cast):
    rated = [{"criterion": "D1", "rating": 1, "note": "Seen on paper"}]
    path = a_draft(cast, ratings=rated)
    cast.amina.api().post(f"{path}submit/")
    cast.rosa.api().post(f"{path}finalise/")
    shown = cast.ann.api().get(path)
    assert shown.json()["ratings"][0]["rating"] == 1
    assert "Seen on paper" not in shown.content.decode()
    assert shown.json()["as_of"] == sent.day()[:7]
