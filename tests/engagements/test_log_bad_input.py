"""Whatever is posted to the meeting form: a sentence, everything kept, nothing partly saved."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engagements.models import Claim, Draft, FollowUp, Interaction, InteractionTopic, Reading
from tests.engagements.log_pages import answers, opened, sentences

pytestmark = pytest.mark.django_db(transaction=True)

HUGE = "x" * 100_000

# What is posted, and a part of the sentence that answers it.
REFUSED = [
    ({"held_on": "31 February"}, "Write a date as 2024-05-17"),
    ({"held_on": "2024-02-30"}, "There is no such day"),
    ({"held_on": "0000-01-01"}, "There is no such day"),
    ({"held_on": "1789-07-14"}, "before 1900"),
    ({"held_on": "9999-12-31"}, "lies in the future"),
    ({"held_on": "2024"}, "names a year"),
    ({"held_on": "2024-05-17\0"}, "cannot be kept"),
    ({"date_precision": "decade"}, "Choose one of the answers shown."),
    ({"type": "party"}, "Choose one of the answers shown."),
    ({"type": "cancel"}, "Choose one of the answers shown."),
    ({"channel": "0"}, "Choose one of the answers shown."),
    ({"highest_level": "L9"}, "Choose one of the answers shown."),
    ({"levels": ["L1", "L9"]}, "Choose one of the answers shown."),
    ({"topics": ["GEN"]}, "Choose one of the answers shown."),
    ({"topics": ["N01", "N02", "N03", "N04"]}, "Choose at most three topics."),
    ({"outcome": "7"}, "Choose one of the answers shown."),
    ({"outcome": "NaN"}, "Choose one of the answers shown."),
    ({"trust": "-1"}, "Choose one of the answers shown."),
    ({"level": "9"}, "Choose one of the answers shown."),
    ({"level": "4"}, "Choose one of the answers shown."),
    ({"grade_source": "Z"}, "Choose one of the answers shown."),
    ({"summary": HUGE}, "Keep this under 20000 characters."),
    ({"summary": "a\0b"}, "cannot be kept"),
    ({"next_step_who": "Delegate"}, "Say what the next step is"),
    ({"next_step_what": "x", "next_step_due_on": "soon"}, "Write the day as 2024-05-17."),
    ({"next_step_what": HUGE}, "Keep this under 1000 characters."),
    ({"place_country": "Valdoria"}, "Choose one of the answers shown."),
    ({"place_admin1": "x" * 101}, "Keep this under 100 characters."),
    ({"reading-QI1": "5"}, "Choose one of the answers shown."),
    ({"reading-GR2-note": HUGE}, "Keep this under 1000 characters."),
    ({"setting-politicised": "many"}, "Choose one of the answers shown."),
    ({"objections-heard": ["none", "no_such"]}, "Choose one of the answers shown."),
    ({"motives-named": ["image", "interest"]}, "named first"),
    ({"violation_talk-incident": "not an id"}, "Choose one of the answers shown."),
    ({"iceberg-position": HUGE}, "Keep this under 4000 characters."),
    ({"participants-0-counterpart": "1"}, "Choose one of the answers shown."),
    ({"participants-0-mandate": "yes"}, "Choose the counterpart"),
    ({"evidence-0-criterion": "Z9"}, "Choose one of the answers shown."),
    ({"evidence-0-criterion": "D1", "evidence-0-rating": "9"}, "Choose one of the answers shown."),
    ({"evidence-0-seen": "something"}, "Choose the criterion"),
    ({"practical_items-0-item": "x", "practical_items-0-state": "lost"}, "Choose one of"),
    ({"claims-0-text": "They will"}, "Say what kind it is"),
    ({"claims-0-due_on": "2026-13-45"}, "Write the day as 2024-05-17."),
]


def nothing_is_saved():
    rows = (Interaction, InteractionTopic, Reading, Claim, FollowUp)
    return not any(model.objects.exists() for model in rows)


def test_each_bad_answer_gets_a_sentence_and_nothing_is_saved(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    for given_, expected in REFUSED:
        page = client.post(url, answers(**given_))
        assert page.status_code == 422, given_
        assert expected in sentences(page), (given_, sentences(page))
        assert nothing_is_saved(), given_


def test_what_was_refused_is_kept_word_for_word(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    page = client.post(url, answers(held_on="31 February", summary=HUGE))
    assert 'value="31 February"' in page.content.decode()
    assert HUGE in page.content.decode()
    assert Draft.objects.get().body["answers"]["summary"] == [HUGE]


def test_rows_beyond_all_measure_are_refused_in_words(cast):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    many = {f"practical_items-{n}-item": "x" for n in range(210)}
    many |= {f"practical_items-{n}-state": "agreed" for n in range(210)}
    many |= {f"practical_items-{n}-side": "ours" for n in range(210)}
    page = client.post(url, answers(**many))
    assert page.status_code == 422
    assert "at most 200 rows" in sentences(page)
    assert nothing_is_saved()


def test_strange_records_bases_and_pages_are_no_fault_of_the_server(cast):
    client = cast.amina.page
    for carried in (
        {"record": "no id", "base": "minus one", "engagement": "none"},
        {"record": "00000000-0000-4000-8000-000000000000", "base": "7"},
        {"base": "99999999999999999999"},
    ):
        url = opened(client, cast.engagement)
        Draft.objects.all().delete()
        assert client.post(url, answers(**carried)).status_code in (302, 404, 422)
        page = {"tab": HUGE, "count": "-1", "based_on": "1e9"}
        assert client.post(f"{url}keep/", answers(**carried, **page)).status_code == 410
    for path in ("?evidence-0-criterion=Z9", "?evidence-x-criterion=D1", "?x=1", ""):
        assert client.get(f"/log/anchors/{path}").status_code in (200, 404)


def test_what_a_person_wrote_is_never_markup(cast):
    client = cast.amina.page
    nasty = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'><b hx-get=/x>{{ 7 }}"
    fields = {"summary": nasty, "next_step_what": nasty, "place_detail": nasty}
    blocks = {"iceberg-position": nasty, "reading-GR2": "2", "reading-GR2-note": nasty}
    saved = client.post(opened(client, cast.engagement), answers(**fields, **blocks), follow=True)
    pk = Interaction.objects.get().pk
    for path in (f"/meetings/{pk}/", f"/meetings/{pk}/saved/"):
        assert "<script>alert" not in client.get(path).content.decode()
        assert "<b hx-get" not in client.get(path).content.decode()
    form = client.post(f"/meetings/{pk}/correct/", follow=True).content.decode()
    assert "<script>alert" not in form
    assert saved.status_code == 200


NAMES = st.sampled_from(
    [
        "held_on",
        "date_precision",
        "not_held",
        "type",
        "channel",
        "highest_level",
        "levels",
        "topics",
        "outcome",
        "trust",
        "summary",
        "level",
        "plan",
        "compared",
        "reason",
        "next_step_due_on",
        "place_country",
        "grade_source",
        "then",
        "reading-QI1",
        "reading-QI1-proposed",
        "motives-first",
        "motives-named",
        "manner-ticked",
        "team-answered",
        "setting-politicised",
        "violation_talk-incident",
        "commitment-commitment",
        "claims-0-kind",
        "participants-0-counterpart",
        "evidence-1-criterion",
        "claims-999-due_on",
    ]
)
VALUES = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["", "\0", "0", "-1", "1e309", "2^63", "on", "L1", "N01", "none", "null"]),
)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(changed=st.dictionaries(NAMES, st.lists(VALUES, max_size=3), max_size=6))
def test_no_answer_whatever_breaks_the_page(cast, changed):
    client = cast.amina.page
    url = opened(client, cast.engagement)
    assert client.post(url, answers(**changed)).status_code in (200, 302, 422)
