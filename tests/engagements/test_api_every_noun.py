"""Every noun of an engagement is written, read, changed, withdrawn and restored the same way."""

from __future__ import annotations

from typing import Any

import pytest

from engagements import api_urls
from tests.cast import Cast
from tests.engagements import sent

CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "engagements": ({"status": "paused"}, "status"),
    "dossiers": ({"closed_on": sent.day()}, "closed_on"),
    "plans": ({"objective": "Listen first"}, "objective"),
    "interactions": ({"outcome": 3}, "outcome"),
    "claims": ({"due_on": sent.day(-30)}, "due_on"),
    "follow-ups": ({"what": "Send the second text"}, "what"),
    "commitments": ({"status": "in_force"}, "status"),
    "incidents": ({"victims": 2}, "victims"),
    "observations": ({"location_months": 6.25}, "location_months"),
    "assessments": ({"as_of": sent.day(3)}, "as_of"),
    "blockers": ({"lifted_on": sent.day(), "note": "The road is open"}, "lifted_on"),
}
# Delegates of these do not withdraw, and a blocker is lifted by a head.
BY_A_HEAD = {"engagements", "dossiers", "follow-ups", "commitments", "assessments", "blockers"}
# Texts alone, plans to come, and drafts of others are no reading for an analyst.
SHOWN_TO_ANALYSTS = set(CHANGES) - {"plans", "claims", "assessments"}
# Others stand in these: they are withdrawn, never deleted.
LASTING = {"engagements", "dossiers"}


@pytest.fixture
def rows(cast: Cast) -> dict[str, dict[str, Any]]:
    return sent.every_noun(cast)


def test_a_delegate_reads_what_was_sent_and_an_outsider_reads_nothing(cast, rows, subtests):
    amina, oskar = cast.amina.api(), cast.oskar.api()
    for noun, row in rows.items():
        with subtests.test(noun):
            assert amina.get(f"{noun}/{row['id']}/").json() == row
            assert row["id"] in amina.ids(f"{noun}/")
            assert oskar.get(f"{noun}/{row['id']}/").status_code == 404
            assert oskar.ids(f"{noun}/") == []


def test_a_field_is_changed_and_the_version_counts_up(cast, rows, subtests):
    for noun, row in rows.items():
        with subtests.test(noun):
            change, field = CHANGES[noun]
            api = cast.rosa.api() if noun == "blockers" else cast.amina.api()
            answer = api.patch(f"{noun}/{row['id']}/", change)
            assert answer.status_code == 200, answer.content
            assert answer.json()[field] == change[field]
            assert answer.json()["version"] == row["version"] + 1
            assert api.get(f"{noun}/{row['id']}/").json() == answer.json()


def test_a_record_sent_back_whole_stays_as_it_is(cast, rows, subtests):
    api, counted = cast.amina.api(), {"version": 0, "updated_at": ""}
    for noun in rows.keys() - {"blockers"}:  # which are only lifted
        with subtests.test(noun):
            path = f"{noun}/{rows[noun]['id']}/"
            answer = api.put(path, rows[noun], If_Match=api.etag(path))
            assert answer.status_code == 200, answer.content
            assert answer.json() | counted == rows[noun] | counted


def test_withdrawn_with_a_reason_and_restored(cast, rows, subtests):
    submit(cast, rows)
    for noun, row in rows.items():
        with subtests.test(noun):
            path = f"{noun}/{row['id']}/"
            api = cast.rosa.api() if noun in BY_A_HEAD else cast.amina.api()
            assert "reason" in sent.refused(api.post(f"{path}withdraw/"))
            withdrawn = api.post(f"{path}withdraw/", {"reason": "Written down twice"})
            assert withdrawn.status_code == 200, withdrawn.content
            assert withdrawn.json()["state"] == "withdrawn"
            assert row["id"] in api.ids(f"{noun}/?state=withdrawn")
            restored = api.post(f"{path}restore/", {"reason": "It was not"})
            assert restored.json()["state"] == row["state"]


def test_who_may_not_withdraw_is_told_so_and_an_outsider_learns_nothing(cast, rows, subtests):
    submit(cast, rows)
    for noun, row in rows.items():
        with subtests.test(noun):
            path, why = f"{noun}/{row['id']}/withdraw/", {"reason": "x"}
            assert cast.oskar.api().post(path, why).status_code == 404
            expected = 403 if noun in BY_A_HEAD else 200
            assert cast.amina.api().post(path, why).status_code == expected


def test_deletion_is_asked_for_and_another_head_confirms(cast, rows, subtests):
    submit(cast, rows)
    for noun in ("observations", "claims", "incidents", "plans", "interactions"):
        with subtests.test(noun):
            path, why = f"{noun}/{rows[noun]['id']}/", {"reason": "A duplicate"}
            asked = cast.amina.api().delete(path, why)
            assert asked.status_code == 202, asked.content
            assert asked.json()["state"] == "withdrawn"
            assert cast.amina.api().delete(path, why).status_code == 403
            assert cast.rosa.api().delete(path, why).status_code == 204
            assert cast.amina.api().get(path).status_code == 404
            since = f"{noun}/?updated_since=2020-01-01T00:00:00Z"
            stubs = cast.amina.api().get(since).json()["results"]
            assert {"id": rows[noun]["id"], "deleted": True} in stubs


def test_a_head_does_not_confirm_a_deletion_of_their_own_asking(cast, rows, subtests):
    submit(cast, rows)
    for noun in BY_A_HEAD - LASTING:
        with subtests.test(noun):
            path, why = f"{noun}/{rows[noun]['id']}/", {"reason": "A duplicate"}
            assert cast.rosa.api().delete(path, why).status_code == 202
            assert cast.rosa.api().delete(path, why).status_code == 403


def test_what_others_stand_in_is_not_deleted(cast, rows):
    for noun in LASTING:
        path = f"{noun}/{rows[noun]['id']}/"
        assert cast.rosa.api().delete(path, {"reason": "x"}).status_code == 405


def submit(cast: Cast, rows: dict[str, dict[str, Any]]) -> None:
    """A draft is its author's alone; a head sees what was submitted."""
    path = f"assessments/{rows['assessments']['id']}/"
    rows["assessments"] = cast.amina.api().post(f"{path}submit/").json()


def test_an_analyst_reads_what_is_theirs_to_read_and_writes_nothing(cast, rows, subtests):
    ann = cast.ann.api()
    for noun, row in rows.items():
        with subtests.test(noun):
            path = f"{noun}/{row['id']}/"
            assert ann.get(path).status_code == (200 if noun in SHOWN_TO_ANALYSTS else 404)
            refused = ann.patch(path, CHANGES[noun][0]).status_code
            assert refused == (403 if noun in SHOWN_TO_ANALYSTS else 404)
            assert ann.post(f"{noun}/", {}).status_code == 403


def test_a_token_that_only_reads_is_refused_writing(cast, rows, subtests):
    reader = cast.amina.api(write=False)
    for noun, row in rows.items():
        with subtests.test(noun):
            assert reader.get(f"{noun}/{row['id']}/").status_code == 200
            assert reader.patch(f"{noun}/{row['id']}/", {}).status_code == 403
            assert reader.post(f"{noun}/", {}).status_code == 403


def test_every_filter_that_is_offered_answers(cast, rows, subtests):
    """Each declared filter is asked with a value of its own kind, in all its ways."""
    api = cast.amina.api()
    views = {one.name: one.callback for one in api_urls.urlpatterns}
    for noun in rows:
        for name, rule in views[f"{noun}-list"].view_class.resource.filters.items():
            with subtests.test(f"{noun} by {name}"):
                for parameter in (name, f"{name}__not"):
                    answer = api.get(f"{noun}/?{parameter}={value_for(rule)}")
                    assert answer.status_code == 200, answer.content
                empty = api.get(f"{noun}/?{name}__empty=true").status_code
                assert empty == (200 if rule.empty() is not None else 400)
        assert "zz" in sent.refused(api.get(f"{noun}/?zz=1"))


def value_for(rule: Any) -> str:
    """A value that the filter says it takes."""
    if getattr(rule, "codes", None):
        return str(next(iter(rule.codes)))
    hint = rule.hint.lower()
    for word, value in {
        "ids": "3f2a90c4-0d6b-4f0e-9a51-7f3f0a3c1b2d",
        "any of: ": rule.hint.rpartition("Any of: ")[2].split(",")[0].rstrip("."),
        "true or false": "true",
        "whole numbers": "1..3",
        "factor": "QI1",
        "criterion": "D1",
        "country": "XV",
        "areas": "North",
    }.items():
        if word in hint:
            return value
    return "2026-01"
