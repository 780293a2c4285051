"""Every part and chart on one page, in all its states: what the look is checked on."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from django import forms
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

HERE = Path(__file__).parent
ARABIC = "جبهة الوادي الأخضر – الجناح السياسي"
LONG = (
    "Association for the Very Long Name of a Fictitious Organisation Working Across Three Valleys"
)


class EveryField(forms.Form):
    group = forms.ChoiceField(
        label="Armed group", choices=[("", "Choose a group"), ("1", "River Front"), ("2", ARABIC)]
    )
    held_on = forms.DateField(
        label="Date",
        help_text="Planned meetings go under Coming.",
        widget=forms.DateInput(attrs={"type": "date"}),
    )
    type = forms.ChoiceField(
        label="Type",
        widget=forms.RadioSelect,
        choices=[("norm", "Norm dialogue"), ("first", "First contact"), ("visit", "Site visit")],
    )
    topics = forms.MultipleChoiceField(
        label="Topics",
        help_text="At most three.",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        choices=[
            ("N01", "Civilians"),
            ("N03", "Health care"),
            ("N11", "Children"),
            ("N14", "Mines"),
        ],
    )
    outcome = forms.ChoiceField(
        label="How it ended",
        widget=forms.RadioSelect,
        choices=[
            ("5", "Commitment text agreed or signed"),
            ("2", "Norm acknowledged"),
            ("0", "Heard, no movement"),
            ("-1", "Refused or no answer"),
        ],
    )
    rating = forms.ChoiceField(
        label="Is the norm present in rules, orders, manuals?",
        required=False,
        widget=forms.RadioSelect,
        choices=[
            ("0", "absent"),
            ("1", "leader says so"),
            ("2", "draft or one text"),
            ("3", "in force, main texts"),
            ("4", "all texts, revised at need"),
        ],
    )
    summary = forms.CharField(label="What changed", required=False, widget=forms.Textarea)
    held = forms.BooleanField(label="It took place", required=False)


def dimension(value, capped, coverage, low, high, standing, bound_by=None):
    return {
        "value": value,
        "capped": capped,
        "coverage": coverage,
        "low": low,
        "high": high,
        "standing": standing,
        "bound_by": bound_by,
    }


def card():
    return {
        "dimensions": {
            "doctrine": dimension(0.2845, 0.2845, 0.58, 0.165, 0.585, "indicative"),
            "training": dimension(0.7320, 0.6345, 0.6467, 0.4733, 0.8267, "supported", "doctrine"),
            "equipment": dimension(0.8788, 0.8788, 0.66, 0.58, 0.92, "supported"),
            "sanctions": dimension(None, None, 0.31, 0.05, 0.74, "not_enough"),
        },
        "programme": dimension(0.45, None, 0.7, 0.315, 0.615, "supported"),
        "index": 39.4334,
        "index_low": 24.7870,
        "index_high": 69.9028,
        "arithmetic_mean": 48.7548,
        "minimum": 15.2439,
        "balance_penalty": 9.3214,
        "stage": {
            "level": 3,
            "name": "accepted",
            "since": "2026-05-12",
            "missing_for_next": ["P2 at 2 or more", "doctrine at .50"],
        },
    }


def empty_card():
    return {"dimensions": {}, "index": None, "stage": {}}


def factors(blocked=False):
    rows = [
        ("EN1", "environment", 0.2, 0.65, 0.2133, 3.0, 2),
        ("NG1", "ngo", 0.2, 0.5461, 0.2679, 0.923, 1),
        ("GR4", "armed_group", 0.35, 0.6136, 0.2254, 3.975, 3),
        ("QI1", "interaction", 0.25, 0.4667, 0.2499, -0.833, 2),
        ("EN0", "environment", 0, 0.5, 0.289, 0.0, 0),
    ]
    return {
        "score": 40.0 if blocked else 57.065,
        "low": 20.0 if blocked else 31.128,
        "high": 40.0 if blocked else 85.5,
        "direction": None,
        "blockers": [{"reason": "core_aim"}] if blocked else [],
        "factors": [
            dict(
                zip(
                    ("factor", "bundle", "weight", "mean", "sd", "contribution", "evidence_count"),
                    row,
                    strict=True,
                )
            )
            for row in rows
        ],
        "hypotheses": {"H1": 0.5, "H2": 0.72, "H3": 0.41, "H4": 1.0, "H5": 0.0, "H6": None},
    }


NAMES = {
    "EN1": "Low conflict intensity",
    "NG1": "Seen as neutral and independent",
    "GR4": "Top command committed",
    "QI1": ARABIC,
    "EN0": "Balance of power",
}
TODAY = date(2026, 11, 22)


def spread(middle: float):
    """Draws heaped around the middle, by bars of five points."""
    bars = [max(0, 200 - int(20 * abs(5 * number + 2.5 - middle))) for number in range(20)]
    return {"p5": middle - 8, "p50": middle, "p95": middle + 8, "histogram": bars}


def marks(number: int):
    """A given number of events over three years, thick enough in places to be bundled."""
    kinds = ["meeting_forward", "meeting_heard", "meeting_back", "promise_due", "promise_kept"]
    kinds += ["incident_credible", "commitment", "meeting_not_held", "assessment", "promise_broken"]
    return [
        {
            "date": TODAY - timedelta(days=(37 * n * n + 11 * n) % 1090),
            "kind": kinds[n % len(kinds)],
            "label": ARABIC if n % 7 == 0 else f"record {n}",
            "href": f"/records/{n}/",
        }
        for n in range(number)
    ]


def score():
    days = (1000, 800, 500, 420, 200, 30)
    values = (50.0, 44.0, None, 52.5, 61.0, 57.1)
    return [
        {
            "date": TODAY - timedelta(days=ago),
            "value": value,
            "low": None if value is None else value - 25,
            "high": None if value is None else value + 25,
        }
        for ago, value in zip(days, values, strict=True)
    ]


EFFORT = {date(2025, 7, 1): 4.5, date(2025, 10, 1): 6, date(2026, 4, 1): 0, date(2026, 7, 1): 9}


def incidents():
    standards = ["verified", "credible", "alleged", "refuted"]
    return [
        {
            "occurred_on": TODAY - timedelta(days=(53 * n) % 700),
            "category": "Attack on health care" if n % 3 else "Recruitment and use of children",
            "standard": standards[n % 4],
            "href": f"/incidents/{n}/",
        }
        for n in range(26)
    ]


def ngos():
    def ngo(name, *types):
        return {
            "name": name,
            "href": "/ngos/1/",
            "types": [{"type": code, "primary": n == 0} for n, code in enumerate(types)],
        }

    crowd = [ngo(f"Relief Society {n}", "OPS") for n in range(12)]
    return [
        ngo("Dialogue House", "DIF", "RES"),
        ngo(LONG, "POL", "DIF"),
        ngo(ARABIC, "OPS"),
        *crowd,
    ]


def frame():
    return {
        "menu": [
            ("Home", "/", False),
            ("Log a meeting", "/log/", False),
            ("Groups", "/groups/", True),
            ("NGOs", "/ngos/", False),
            ("Meetings", "/meetings/", False),
            ("Promises", "/promises/", False),
        ],
        "foot": [
            ("Home", "/", False),
            ("Log", "/log/", False),
            ("Groups", "/groups/", True),
            ("Meetings", "/meetings/", False),
        ],
        "log_url": "/log/",
        "user": "Amina",
        "trial": "Trial with sample records: everything here is made up or historic.",
        "contexts": [("Green Valley", "/", True), ("Salt Coast", "/", False)],
    }


def evidence_rows():
    return [
        {
            "label": "Top command committed",
            "source": "Meeting 2026-05-12",
            "href": "/meetings/1/",
            "observed_on": "2026-05-12",
            "grade": "A1",
            "reading": "4 of 4",
            "weight": "0.71",
            "state": "counted",
        },
        {"label": "Trust", "source": "Meeting 2025-01-02", "state": "withdrawn"},
        {"label": "Penalties applied", "source": "Assessment", "state": "not_assessed"},
        {
            "label": "Trust",
            "grouped": True,
            "evidence_count": 7,
            "weight_sum": "2.31",
            "mean": "0.55",
        },
    ]


def gallery(request: HttpRequest) -> HttpResponse:
    data = {"held_on": "2027-01-01", "type": "x", "topics": ["N01", "N03", "N11"]}
    context = {
        "frame": frame(),
        "form": EveryField(),
        "asked": request.GET.get("poll"),
        "wrong": EveryField(data),
        "arabic": ARABIC,
        "long": LONG,
        "card": card(),
        "empty_card": empty_card(),
        "factors": factors(),
        "blocked": factors(blocked=True),
        "spread": spread(58.0),
        "spread_moved": spread(66.0),
        "nothing": {"factors": [], "score": None},
        "names": NAMES,
        "sparks": {"EN1": [0.4, 0.4, 0.65], "GR4": [0.5, 0.45, 0.47, 0.61]},
        "newest": {"EN1": "3 months", "GR4": "12 days"},
        "none": [],
        "one": marks(1),
        "three": marks(3),
        "many": marks(400),
        "score": score(),
        "incidents": incidents(),
        "effort": EFFORT,
        "ngos": ngos(),
        "today": TODAY,
        "rows": evidence_rows(),
        "levels": [1, 2, 3, 4],
        "facts": [("Structure", "centralised"), ("Also known as", ARABIC), ("Empty", "")],
        "crumbs": [("Groups", "/groups/"), (ARABIC, "/groups/1/"), ("Dossier", None)],
        "applied": [("Type: norm dialogue", "/?"), (f"Group: {ARABIC}", "/?")],
        "columns": ["Group", "Last contact", "Stage"],
        "table": [
            [{"text": ARABIC, "href": "/groups/1/"}, "2026-11-02", "3, accepted"],
            [{"text": "River Front", "href": "/groups/2/"}, "2025-04", "not placed yet"],
        ],
    }
    template = engines["django"].from_string((HERE / "gallery.html").read_text())
    return HttpResponse(template.render(context, request))


def fresh(request: HttpRequest) -> HttpResponse:
    """The fragment that takes the place of a pending score."""
    return HttpResponse('<section id="score"><p>Score 58.3</p></section>')


def broken(request: HttpRequest) -> HttpResponse:
    return HttpResponse("<p>a trace of the fault</p>", status=500)


urlpatterns = [
    path("gallery/", gallery),
    path("gallery/fresh/", fresh),
    path("gallery/broken/", broken),
]
