"""Nothing that one may not know stands anywhere: every page and answer is read through."""

from __future__ import annotations

import json
import re
from datetime import date
from difflib import ndiff
from typing import Any

from django.utils import timezone

from engagements.services.blockers import raise_blocker
from engagements.services.claims import SaidContent, record_claim
from engagements.services.commitments import CommitmentContent, record_commitment
from engagements.services.content import MeetingContent, NextStepContent, ReadingContent
from engagements.services.incidents import IncidentContent, record_incident
from engagements.services.meetings import record_meeting
from engagements.services.plans import PlanContent, record_plan
from records.dates import PartialDate
from tests.cast import Cast
from tests.engagements import sent
from tests.engagements.crawling import answers, pages

WORDS = "the words that were said"
# Every day in the register of this test is a 17th of 2025; nothing else here is.
DAY = re.compile(r"2025-\d\d-17|\b17 (?:[A-Z][a-z]+ )2025|[A-Z][a-z]+ 17, 2025")
# Groups and NGOs of the reference list are there for everybody at work.
OF_A_RECORD = re.compile(r"/(?!groups|ngos)[a-z]+/[0-9a-f]{8}-")


def a_register_of_level_3(cast: Cast) -> Any:
    amina, rosa = cast.amina.api(), cast.rosa.api()
    meeting = sent.meeting(
        cast,
        held_on="2025-03-17",
        level=3,
        topics=["N11"],
        summary=WORDS,
        place={"country": "XV", "admin1": "North", "detail": WORDS},
        next_step={"what": WORDS, "who": WORDS, "due_on": "2025-04-17"},
        readings=[{"factor": "QI1", "rating": 3, "note": WORDS}],
        evidence=[{"criterion": "D1", "rating": 2, "seen": WORDS}],
        practical_items=[{"item": WORDS, "state": "agreed", "side": "ours"}],
        details={"objections": {"heard": ["no_means"], "words": WORDS}},
    )
    held = sent.saved(amina, "interactions/", meeting)["id"]
    later = sent.saved(amina, "interactions/", {**meeting, "held_on": "2025-06-17"})["id"]
    told = {"text": WORDS, "level": 3}
    for state in ("open", "kept"):
        settled = {"state": state, "settled_by": later if state == "kept" else None}
        sent.saved(amina, "claims/", sent.claim(held, due_on="2025-05-17", **told, **settled))
    step = {"what": WORDS, "due_on": "2025-07-17", "level": 3}
    sent.saved(amina, "follow-ups/", sent.follow_up(held, **step))
    done = {"state": "done", "done_note": WORDS, "done_on": "2025-08-17"}
    sent.saved(amina, "follow-ups/", sent.follow_up(held, **step, **done))
    dates = dict.fromkeys(("signed_on", "in_force_from", "review_on"), "2025-09-17")
    source = {"kind": "agreement_text", "reference": "Copy", "date": "2025-02-17", "grade": "B2"}
    commitment = sent.commitment(
        cast, level=3, sources=[source], status_since="2025-09-17", conditions=WORDS, note=WORDS,
        **dates,
    )  # fmt: skip
    bound = sent.saved(amina, "commitments/", commitment)["id"]
    incident = {"occurred_on": "2025-10-17", "description": WORDS, "source": WORDS, "level": 3}
    sent.saved(amina, "incidents/", sent.incident(cast, commitments=[bound], **incident))
    raised = {"raised_on": "2025-05-17", "note": WORDS, "level": 3}
    blocker = sent.saved(amina, "blockers/", sent.blocker(cast, **raised))
    lifted = {"lifted_on": "2025-06-17", "note": WORDS}
    assert rosa.patch(f"blockers/{blocker['id']}/", lifted).status_code == 200
    sent.saved(amina, "plans/", sent.plan(cast, place=WORDS, objective=WORDS, level=3))
    rating = {"rating": 2, "observed_on": "2025-01-17", "note": WORDS}
    ratings = [
        {"criterion": "D1", "evidence": [held], **rating},
        {"criterion": "D2", "evidence": [bound], **rating},
        {"criterion": "D3", "evidence": [], **rating},
    ]
    told = {"as_of": "2025-11-17", "ratings": ratings, "level": 3}
    path = f"assessments/{sent.saved(amina, 'assessments/', sent.assessment(cast, **told))['id']}/"
    assert amina.post(f"{path}submit/").status_code == 200
    assert rosa.post(f"{path}finalise/").status_code == 200
    sent.recompute()


def test_an_analyst_reads_neither_words_nor_days(cast: Cast) -> None:
    sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast))
    a_register_of_level_3(cast)
    known = pages(cast.amina)
    assert sum(WORDS in text for text in known.values()) > 3
    assert sum(bool(DAY.search(text)) for text in known.values()) > 5
    read = pages(cast.ann, *known)
    read |= {path: json.dumps(said) for path, said in answers(cast.ann.api()).items()}
    assert len(read) > 40
    betrayed = {
        path: sorted(set(DAY.findall(text)) | ({WORDS} if WORDS in text else set()))
        for path, text in read.items()
        if WORDS in text or DAY.search(text)
    }
    assert not betrayed, json.dumps(betrayed, indent=1)


def test_an_outsider_an_auditor_and_an_administrator_read_nothing(cast: Cast) -> None:
    sent.saved(cast.amina.api(), "dossiers/", sent.dossier(cast))
    a_register_of_level_3(cast)
    known = [path for path in pages(cast.amina) if OF_A_RECORD.match(path)]
    assert len(known) > 8
    told = {str(cast.engagement.pk), str(cast.dossier.pk), WORDS}
    for person in (cast.oskar, cast.ada, cast.aude):
        read = {path: text for path, text in pages(person).items() if path not in known}
        read |= {path: json.dumps(said) for path, said in answers(person.api()).items()}
        assert not [path for path, text in read.items() if any(one in text for one in told)]
        browser = person.page
        for path in known:
            assert browser.get(path).status_code in (403, 404, 405), (person.user.name, path)


def test_an_analyst_cannot_find_a_day_by_asking_from_day_to_day(cast: Cast) -> None:
    a_register_of_level_3(cast)
    ann = cast.ann.api()
    for kind in ("scorecards", "success-factors"):
        for rest in ("", "evidence/"):
            path = f"{kind}/{cast.dossier.pk}/{rest}"
            assert "month" in sent.refused(ann.get(f"{path}?as_of=2025-03-17"))["as_of"]
            assert ann.get(f"{path}?as_of=2025-03-31").status_code == 200
    ages = [row["newest_age"] for row in ann.get(f"{path[:-9]}").json()["factors"]]
    assert all(age is None or age == int(age) for age in ages)


MASK = re.compile(
    r'name="(?:csrfmiddlewaretoken|new_id|pk|id)" value="[^"]+"|Since [0-9-]+ [0-9:]+'
)


def as_read(cast: Cast) -> dict[str, str]:
    """Everything that Amina reads, but for what differs with every answer."""
    read = {path: MASK.sub("", text) for path, text in pages(cast.amina).items()}
    return read | {path: json.dumps(said) for path, said in answers(cast.amina.api()).items()}


def differences(before: dict[str, str], after: dict[str, str]) -> dict[str, list[str]]:
    found = {}
    for path in before.keys() | after.keys():
        was, now = (read.get(path, "").splitlines() for read in (before, after))
        if lines := [line for line in ndiff(was, now) if line[0] in "+-"]:
            found[path] = lines
    return found


def test_records_of_level_4_change_nothing_that_is_read_at_level_3(cast: Cast) -> None:
    a_register_of_level_3(cast)
    as_read(cast)  # home tells what moved since it was looked at last
    before = as_read(cast)
    viewer, day = cast.rosa.viewer, date(2026, 11, 2)
    met = MeetingContent(
        engagement=cast.engagement,
        held_on=PartialDate(day),
        type="norm",
        channel="voice",
        highest_level="L1",
        outcome=5,
        topics=("N11",),
        readings=(ReadingContent(factor="QI1", rating=0),),
        next_step=NextStepContent(what="Go there", due_on=day),
        level=4,
    )
    meeting, _ = record_meeting(viewer, met, digest="1")
    record_claim(viewer, meeting, SaidContent(claim="promise", side="ours", text="x", due_on=day))
    bound = record_commitment(
        viewer,
        CommitmentContent(
            dossiers=(cast.dossier,), instrument="COC", title="T", status="in_force", level=4
        ),
    )
    happened = IncidentContent(
        context=cast.valdoria,
        armed_group=cast.group,
        category="murder",
        occurred_on=PartialDate(day),
        commitments=(bound,),
        level=4,
    )
    record_incident(viewer, happened)
    raise_blocker(viewer, cast.dossier, note="x", level=4)
    record_plan(
        viewer, PlanContent(engagement=cast.engagement, planned_on=timezone.localdate(), level=4)
    )
    told = differences(before, as_read(cast))
    assert not told, json.dumps(told, indent=1)
    sent.recompute()
    told = differences(before, as_read(cast))
    assert not told, json.dumps(told, indent=1)
