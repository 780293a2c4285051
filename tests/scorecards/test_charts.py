"""What the charts draw is what they were given; what is not known is not drawn."""

from __future__ import annotations

import re
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from django.template import engines
from django.utils import translation

from scorecards import charts
from tests.scorecards import gallery

TODAY = gallery.TODAY


def share(text):
    assert text.endswith("%")
    return float(text[:-1]) / 100


def near(value):
    return pytest.approx(value, abs=5.1e-5)


def draw(tag, **context):
    template = engines["django"].from_string("{% load charts %}{% " + tag + " %}")
    return template.render(context)


def drawings(html):
    """Every SVG of a page, parsed: a broken drawing does not parse."""
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", html, re.S)]


# --- Integration ----------------------------------------------------------------------------------


def test_a_dimension_is_drawn_at_its_capped_value_with_its_own_value_as_a_stroke():
    training = charts.dimension_bars(gallery.card())[1]
    assert share(training.bar) == near(0.6345)
    assert share(training.raw_at) == near(0.7320)
    assert (share(training.low_at), share(training.high_at)) == (near(0.4733), near(0.8267))
    assert (training.value, training.raw, training.known) == ("0.63", "0.73", "65%")
    assert training.held_down_by == "doctrine"


def test_a_dimension_without_limit_has_no_stroke_and_no_words_about_one():
    doctrine, _, equipment, *_ = charts.dimension_bars(gallery.card())
    assert doctrine.raw_at is equipment.raw_at is None
    assert doctrine.held_down_by == equipment.held_down_by == ""


def test_indicative_is_hatched_and_supported_is_solid():
    doctrine, training, *_ = charts.dimension_bars(gallery.card())
    assert (doctrine.hatched, training.hatched) == (True, False)
    html = draw("dimension_bars card", card=gallery.card())
    assert html.count('fill="url(#hatch)" x="0"') == 1


def test_too_little_evidence_has_a_range_but_no_bar_and_no_number():
    sanctions = charts.dimension_bars(gallery.card())[3]
    assert (sanctions.bar, sanctions.value, sanctions.raw_at) == (None, "", None)
    assert sanctions.standing == "not enough evidence"
    assert (share(sanctions.low_at), share(sanctions.high_at)) == (near(0.05), near(0.74))


def test_a_card_about_which_nothing_is_known_shows_four_open_ranges():
    bars = charts.dimension_bars(gallery.empty_card())
    assert [bar.name for bar in bars] == ["Doctrine", "Training", "Equipment", "Sanctions"]
    assert all(bar.bar is None and bar.known == "0%" for bar in bars)
    assert {(bar.low_at, bar.high_at) for bar in bars} == {("0.00%", "100.00%")}


@pytest.mark.parametrize(("value", "drawn"), [(0.0, "0.00%"), (1.0, "100.00%")])
def test_nought_and_one_are_values_and_are_drawn(value, drawn):
    card = {
        "dimensions": {"doctrine": gallery.dimension(value, value, 1.0, value, value, "supported")}
    }
    doctrine = charts.dimension_bars(card)[0]
    assert (doctrine.bar, doctrine.value) == (drawn, f"{value:.2f}")


def test_the_programme_stands_apart_and_without_a_limit():
    programme = charts.dimension_bars(gallery.card())[-1]
    assert (programme.key, programme.apart, share(programme.bar)) == ("programme", True, near(0.45))
    assert programme.raw_at is None


def test_every_dimension_leads_to_its_own_evidence():
    bars = charts.dimension_bars(gallery.card(), "/dossiers/1/evidence/")
    assert bars[2].href == "/dossiers/1/evidence/?dimension=equipment"
    assert charts.dimension_bars(gallery.card())[2].href is None


def test_the_index_stands_in_its_range_with_the_arithmetic_mean_beside_it():
    line = charts.index_line(gallery.card())
    assert share(line.index_at) == near(0.394334)
    assert share(line.low_at) == near(0.24787)
    assert share(line.width) == near(0.699028 - 0.24787)
    assert share(line.mean_at) == near(0.487548)
    assert (line.index, line.penalty, line.minimum) == ("39.4", "9.3", "15.2")


def test_without_an_index_the_range_alone_is_drawn():
    line = charts.index_line({"index": None, "index_low": 10.0, "index_high": 60.0})
    assert (line.index_at, line.mean_at, line.index, line.mean) == (None, None, "", "")
    assert (share(line.low_at), share(line.width)) == (near(0.1), near(0.5))
    assert "not available" in draw("index_line card", card=gallery.empty_card())


def test_the_ladder_shows_todays_step_of_seven():
    ladder = charts.stage_ladder(gallery.card()["stage"])
    assert [step.state for step in ladder.steps] == ["passed"] * 3 + ["here"] + ["ahead"] * 3
    assert ladder.missing == ["P2 at 2 or more", "doctrine at .50"]


@pytest.mark.parametrize("stage", [None, {}, {"level": None}])
def test_a_dossier_without_a_stage_is_not_placed_yet(stage):
    ladder = charts.stage_ladder(stage)
    assert not ladder.placed
    assert {step.state for step in ladder.steps} == {"ahead"}
    assert "Not placed yet" in draw("stage_ladder stage", stage=stage)


def test_stage_nought_is_placed():
    assert charts.stage_ladder({"level": 0}).steps[0].state == "here"


# --- Conditions -----------------------------------------------------------------------------------


def test_the_score_stands_in_its_range_and_says_when_it_has_no_direction():
    chart = charts.conduciveness(gallery.factors())
    assert share(chart.score_at) == near(0.57065)
    assert (share(chart.low_at), share(chart.width)) == (near(0.31128), near(0.855 - 0.31128))
    assert chart.direction == "no clear direction yet"
    assert chart.cap_at is None


def test_bundles_are_the_sums_of_their_factors_and_add_up_to_the_score():
    chart = charts.conduciveness(gallery.factors())
    points = {part.key: part.points for part in chart.segments}
    assert points == pytest.approx(
        {"environment": 3.0, "ngo": 0.923, "armed_group": 3.975, "interaction": -0.833}
    )
    assert 50 + sum(points.values()) == pytest.approx(57.065)


def test_bundles_stack_away_from_fifty_on_their_side():
    chart = charts.conduciveness(gallery.factors())
    environment, ngo, armed_group, interaction = chart.segments
    assert chart.axis == ("40", "50", "60")
    assert share(environment.start) == near(0.5)
    assert share(ngo.start) == near(share(environment.start) + share(environment.width))
    assert share(armed_group.start) + share(armed_group.width) == pytest.approx(
        0.5 + 7.898 / 20, abs=2e-4
    )
    assert share(interaction.start) + share(interaction.width) == near(0.5)
    assert len({part.texture for part in chart.segments}) == 4


def test_a_blocked_score_shows_the_cap_as_a_line_of_its_own():
    chart = charts.conduciveness(gallery.factors(blocked=True))
    assert share(chart.cap_at) == near(0.4)
    assert (chart.blocked, chart.direction) == ("−17.1", "blocked")


def test_without_a_score_no_number_and_no_point_is_drawn():
    chart = charts.conduciveness({"score": None, "factors": []})
    assert (chart.score, chart.score_at, chart.words) == ("", None, "No score yet.")
    html = draw("conduciveness factors", factors={"score": None, "factors": []})
    assert "<circle" not in html


def test_a_factor_shows_its_mean_with_one_spread_on_either_side():
    row = charts.factor_rows(gallery.factors(), gallery.NAMES, "/evidence/")[2]
    assert (row.name, row.href) == ("Top command committed", "/evidence/?factor=GR4")
    assert share(row.mean_at) == near(0.6136)
    assert (share(row.low_at), share(row.width)) == (near(0.6136 - 0.2254), near(2 * 0.2254))
    assert (row.mean, row.contribution, row.count) == ("0.61", "+4.0", 3)


def test_a_factor_that_is_only_recorded_says_so_and_one_without_facts_has_no_mean():
    row = charts.factor_rows(gallery.factors())[4]
    assert row.recorded_only
    assert row.name == "EN0"
    html = draw("factor_rows factors", factors=gallery.factors())
    assert html.count("does not count") == html.count("no answer yet") == 1


def test_a_course_needs_two_points_and_runs_over_the_whole_box():
    assert charts.spark_points([]) == charts.spark_points([0.4]) == ""
    assert charts.spark_points([0.0, 1.0, 0.5]) == "0.0,22.0 50.0,2.0 100.0,12.0"


def test_six_hypotheses_keep_their_places_also_without_an_answer():
    bars = charts.hypothesis_bars(gallery.factors())
    assert [bar.key for bar in bars] == ["H1", "H2", "H3", "H4", "H5", "H6"]
    assert [bar.bar for bar in bars] == ["50.00%", "72.00%", "41.00%", "100.00%", "0.00%", None]


# --- The matrix and the incidents -----------------------------------------------------------------


def test_an_ngo_stands_solid_in_its_main_cell_and_marked_in_its_further_ones():
    resolution, services, diffusion, policy = charts.matrix(gallery.ngos())
    assert [ngo.name for ngo in diffusion.primaries] == ["Dialogue House"]
    assert [ngo.name for ngo in diffusion.further] == [gallery.LONG]
    assert [ngo.name for ngo in resolution.further] == ["Dialogue House"]
    assert (len(services.residents), len(policy.residents)) == (13, 1)
    assert (services.contact, services.horizon) == ("indirect contact", "acute")


def test_an_ngo_without_a_type_stands_in_no_cell():
    assert all(not cell.residents for cell in charts.matrix([{"name": "New", "types": []}]))


def test_every_incident_is_drawn_once_and_counted_once():
    chart = charts.incidents_by_quarter(gallery.incidents())
    assert sum(sign.count for lane in chart.lanes for sign in lane.signs) == 26
    assert sum(int(count) for row in chart.table for count in row.counts) == 26


def test_the_standard_of_proof_has_a_shape_of_its_own():
    rows = [
        {"occurred_on": TODAY, "category": standard, "standard": standard}
        for standard in ("verified", "credible", "alleged", "refuted")
    ]
    signs = [lane.signs[0] for lane in charts.incidents_by_quarter(rows).lanes]
    assert len({sign.shape for sign in signs}) == 4


def test_many_incidents_of_a_quarter_become_one_sign_that_tells_their_standards():
    rows = [
        {"occurred_on": TODAY, "category": "Pillage", "standard": standard, "href": "/1/"}
        for standard in ["alleged"] * 4 + ["verified"]
    ]
    (sign,) = charts.incidents_by_quarter(rows, "/incidents/").lanes[0].signs
    assert (sign.count, sign.shape, sign.href) == (5, "s-square", "/incidents/")
    assert sign.words == "Pillage, 2026 Q4: 1 verified, 4 alleged"


def test_quarters_without_incidents_keep_their_place():
    rows = [
        {"occurred_on": day, "category": "Pillage", "standard": "alleged"}
        for day in (date(2025, 11, 1), date(2026, 8, 1))
    ]
    chart = charts.incidents_by_quarter(rows)
    assert [name for name, _ in chart.quarters] == ["2025 Q4", "2026 Q1", "2026 Q2", "2026 Q3"]
    assert [share(at) for _, at in chart.quarters] == [near(n / 8) for n in (1, 3, 5, 7)]


def test_the_effort_line_has_a_point_for_each_quarter_that_somebody_recorded():
    effort = {date(2026, 1, 1): 4, date(2026, 4, 1): 0, date(2026, 10, 1): 8}
    chart = charts.incidents_by_quarter([], effort=effort)
    assert [name for name, _ in chart.quarters] == ["2026 Q1", "2026 Q2", "2026 Q3", "2026 Q4"]
    assert [point.text for point in chart.watched] == ["4", "0", "8"]
    first, second, last = chart.watched
    assert (second.from_at, second.from_y) == (first.at, first.y)
    assert last.from_at is None  # nobody told of the third quarter: unknown is not zero
    assert float(last.y) < float(first.y) < float(second.y)
    assert [(row.category, row.quarter, row.watched) for row in chart.table] == [
        ("No incident recorded", "2026 Q1", "4"),
        ("No incident recorded", "2026 Q2", "0"),
        ("No incident recorded", "2026 Q4", "8"),
    ]


def test_the_table_tells_whose_acts_and_what_the_group_did():
    rows = [
        {
            "occurred_on": TODAY,
            "category": "Pillage",
            "standard": "credible",
            "attribution": whose,
            "response": "Denial",
        }
        for whose in ("Tolerated", "Tolerated", "Individual act")
    ]
    (line,) = charts.incidents_by_quarter(rows).table
    assert line.details == "1 individual act, 2 tolerated; 3 denial"
    assert line.watched == ""


def test_no_incidents_is_said_in_words():
    assert "No incidents recorded." in draw("incidents_by_quarter none", none=[])


# --- The time line --------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [0, 1, 3, 400])
def test_every_event_is_on_the_time_line_alone_or_in_a_counted_bundle(number):
    chart = charts.timeline(gallery.marks(number), gallery.score(), TODAY, "/meetings/")
    marks = [mark for lane in chart.lanes for mark in lane.marks]
    assert sum(mark.count for mark in marks) == chart.total == number
    assert all(0 < share(mark.at) < 1 and 0 < mark.y < chart.axis_at for mark in marks)
    html = draw("timeline marks none day", marks=gallery.marks(number), none=[], day=TODAY)
    assert html.count('class="hit"') == len(marks)


def test_time_runs_in_proportion_from_the_first_event_to_the_day_of_the_chart():
    days = [TODAY - timedelta(days=ago) for ago in (400, 300, 0)]
    rows = [{"date": day, "kind": "assessment", "label": "", "href": "/"} for day in days]
    chart = charts.timeline(rows, as_of=TODAY)
    first, second, last = (share(mark.at) for mark in chart.lanes[-1].marks)
    assert (second - first) / (last - first) == pytest.approx(0.25, abs=1e-3)


def test_each_mark_opens_its_record_and_says_what_it_is():
    row = {"date": TODAY, "kind": "meeting_back", "label": "second talk", "href": "/m/7/"}
    html = draw("timeline marks none day", marks=[row], none=[], day=TODAY)
    words = "2026-11-22, meeting, refused or broken off: second talk"
    assert f'<a href="/m/7/" tabindex="-1" aria-label="{words}">' in html
    assert '<td role="cell" data-label="What"><a href="/m/7/">' in html
    assert f"<title>{words}</title>" in html


def test_a_bundle_leads_to_the_list_and_tells_its_dates():
    rows = [
        {
            "date": TODAY - timedelta(days=n),
            "kind": "meeting_heard",
            "label": "",
            "href": f"/m/{n}/",
        }
        for n in range(5)
    ]
    old = {"date": date(2016, 1, 1), "kind": "commitment", "label": "", "href": "/c/"}
    chart = charts.timeline([old, *rows], as_of=TODAY, list_href="/meetings/")
    (bundle,) = chart.lanes[0].marks
    assert (bundle.count, bundle.href) == (5, "/meetings/")
    assert bundle.words == "5 meetings, 2026-11-18 to 2026-11-22"


@pytest.mark.parametrize(
    ("outcome", "held", "kind"),
    [
        (5, True, "meeting_forward"),
        (1, True, "meeting_forward"),
        (0, True, "meeting_heard"),
        (-1, True, "meeting_back"),
        (None, True, "meeting_heard"),
        (None, False, "meeting_not_held"),
    ],
)
def test_a_meeting_is_drawn_by_its_outcome(outcome, held, kind):
    assert charts.meeting_kind(outcome, held) == kind


def test_a_silence_begins_after_the_last_held_meeting_not_after_a_cancelled_one():
    rows = [
        {"date": TODAY - timedelta(days=400), "kind": "meeting_heard", "label": "", "href": "/"},
        {"date": TODAY - timedelta(days=100), "kind": "meeting_not_held", "label": "", "href": "/"},
    ]
    (silence,) = charts.timeline(rows, as_of=TODAY).silences
    assert silence.words == "no meeting held from 2025-10-18 to 2026-11-22"
    recent = [row | {"kind": "meeting_heard"} for row in rows[1:]]
    assert charts.timeline(recent, as_of=TODAY).silences == []


def test_a_score_stands_until_the_next_one_and_a_missing_one_leaves_a_gap():
    chart = charts.timeline([], gallery.score(), TODAY)
    assert len(chart.score) == 5
    before, second, after_the_gap = chart.score[:3]
    assert before.until == second.at
    assert (second.from_y, after_the_gap.from_y) == (before.y, None)
    assert float(after_the_gap.at[:-1]) > float(second.until[:-1])


def test_the_height_of_the_score_follows_its_value():
    points = [{"date": TODAY, "value": v, "low": v, "high": v} for v in (0.0, 50.0, 100.0)]
    assert [step.y for step in charts.timeline([], points, TODAY).score] == ["100.0", "52.0", "4.0"]


# --- What holds for every drawing -----------------------------------------------------------------

CHARTS = [
    ("dimension_bars card '/e/'", {"card": gallery.card()}),
    ("dimension_bars card", {"card": gallery.empty_card()}),
    ("index_line card '/e/'", {"card": gallery.card()}),
    ("index_line card", {"card": gallery.empty_card()}),
    ("conduciveness factors '/e/'", {"factors": gallery.factors()}),
    ("conduciveness factors", {"factors": gallery.factors(blocked=True)}),
    (
        "factor_rows factors names '/e/' sparks",
        {"factors": gallery.factors(), "names": gallery.NAMES, "sparks": {"EN1": [0.1, 0.9]}},
    ),
    ("hypothesis_bars factors", {"factors": gallery.factors()}),
    ("incidents_by_quarter incidents '/i/'", {"incidents": gallery.incidents()}),
    (
        "incidents_by_quarter incidents '/i/' effort",
        {"incidents": gallery.incidents(), "effort": gallery.EFFORT},
    ),
    (
        "timeline marks score day '/m/'",
        {"marks": gallery.marks(400), "score": gallery.score(), "day": TODAY},
    ),
]
EVERY_CHART = pytest.mark.parametrize(("tag", "context"), CHARTS, ids=[tag for tag, _ in CHARTS])


@EVERY_CHART
def test_a_drawing_has_a_name_a_text_alternative_and_nothing_inline(tag, context):
    html = draw(tag, **context)
    assert " style=" not in html
    assert "<style" not in html
    assert " on" not in re.sub(r'"[^"]*"|>[^<]*<', "", html)
    pictures = [svg for svg in drawings(html) if svg.get("aria-hidden") != "true"]
    assert pictures
    for picture in pictures:
        assert picture.get("role") in {"img", "group"}
        assert picture.findtext("title")


@EVERY_CHART
def test_a_drawing_stands_where_it_stands_in_every_language(tag, context):
    with translation.override("fr"):
        french = draw(tag, **context)
    places = re.compile(r' (?:x|y|x1|x2|y1|y2|cx|cy|width|height|points)="([^"]*)"')
    assert places.findall(french) == places.findall(draw(tag, **context))


def test_a_name_with_markup_in_it_stays_text():
    evil = '<script>alert(1)</script>"x'
    rows = [{"date": TODAY, "kind": "commitment", "label": evil, "href": "/"}]
    ngos = [{"name": evil, "href": "/", "types": [{"type": "OPS", "primary": True}]}]
    html = draw("timeline rows", rows=rows) + draw("matrix ngos", ngos=ngos)
    assert "<script" not in html
    assert 'alert(1)&lt;/script&gt;"' not in html
