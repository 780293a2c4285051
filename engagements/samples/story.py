"""The meetings of the fictitious contexts, told before any row is written. No database here.

An engagement has a mood over time and some milestones written by hand; the meetings between them
are drawn: type from mood, outcome and trust from type and mood, answers from trust, readings from
answers by the same proposals that the form makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise
from random import Random
from typing import Any

from engagements.details import CODES
from engagements.proposals import propose_readings
from engagements.samples.seed import chance, data, months_before
from records.dates import PartialDate

Table = dict[str, Any]
LOW, MIDDLE, HIGH = "low", "middle", "high"
_RANKS = ("L1", "L2", "L3", "L4", "LP", "LX", "LI", "UNK")


@dataclass
class Promise:
    """A claim of a meeting; days are counted from the meeting."""

    claim: str
    side: str
    text: str
    due_on: date | None = None
    basis: str = "told"
    settlement: str = "open"
    settled_by: int | None = None  # number of the meeting that showed it


@dataclass
class Step:
    """The next step of a meeting and what became of it."""

    what: str
    who: str
    side: str
    due_on: date
    progress: str = "open"
    done_on: date | None = None


@dataclass
class Sketch:
    """One meeting as it will be stored; people by code."""

    number: int
    day: date
    type: str
    band: str
    author: str
    level: int
    precision: str = "day"
    held: bool = True
    channel: str = "their_area"
    highest: str = ""
    levels: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    topics: list[str] = field(default_factory=list)
    outcome: int | None = None
    trust: int | None = None
    grade: str = "B2"
    area: str = ""
    town: str = ""
    summary: str = ""
    details: dict[str, dict[str, Any]] = field(default_factory=dict)
    readings: dict[str, int] = field(default_factory=dict)
    evidence: list[tuple[str, int | None, str]] = field(default_factory=list)
    items: list[tuple[str, str, str]] = field(default_factory=list)
    claims: list[Promise] = field(default_factory=list)
    step: Step | None = None
    withdrawn: str = ""  # why it is taken back afterwards; "" = it stands

    @property
    def held_on(self) -> PartialDate:
        first = self.day.replace(day=1) if self.precision == "month" else self.day
        return PartialDate(first, self.precision)  # type: ignore[arg-type]


def meetings_of(table: Table, group: Table, context: Table, today: date) -> list[Sketch]:
    """All meetings of one engagement, oldest first, promises settled as later meetings show."""
    milestones = [_milestone(table, row, group, today) for row in table["milestones"]]
    count = table["meetings"] - len(milestones)
    drawn = [_Drawn(table, group, context, today).meeting(place, count) for place in range(count)]
    meetings = sorted([*milestones, *drawn], key=lambda sketch: (sketch.day, sketch.summary))
    for number, sketch in enumerate(meetings):
        sketch.number = number
        _place(sketch, context, chance(table["key"], "place", number))
    _settle(meetings, chance(table["key"], "settle"), today)
    return meetings


def mood_at(curve: Iterable[list[float]], months_ago: float) -> float:
    """The mood at a moment, on straight lines between the points given (oldest first)."""
    points = list(curve)
    if months_ago >= points[0][0]:
        return float(points[0][1])
    for (older, before), (newer, after) in pairwise(points):
        if older >= months_ago >= newer:
            share = (older - months_ago) / (older - newer)
            return float(before + share * (after - before))
    return float(points[-1][1])


def _band(mood: float) -> str:
    return LOW if mood < 0.36 else MIDDLE if mood < 0.62 else HIGH


def _place(sketch: Sketch, context: Table, luck: Random) -> None:
    sketch.area = sketch.area or luck.choice(context["areas"])
    sketch.town = sketch.town or luck.choice(context["towns"])


# --- Milestones ---------------------------------------------------------------------------------


def _milestone(table: Table, row: Table, group: Table, today: date) -> Sketch:
    """A meeting written out in the data file; what it leaves open is drawn like the others."""
    luck = chance(table["key"], "milestone", row["ago"])
    mood = mood_at(table["mood"], row["ago"])
    day = months_before(today, row["ago"])
    level = row["level"]
    sketch = Sketch(
        number=0,
        day=day,
        type=row["type"],
        band=_band(mood),
        author=_author(table, level, luck),
        level=level,
        held=row.get("held", True),
        channel=row.get("channel", "their_area"),
        highest=row.get("rank", ""),
        people=row.get("who", []),
        topics=row.get("topics", []),
        outcome=row.get("outcome"),
        grade=row.get("grade", "B2"),
        summary=row["summary"],
        evidence=[
            (one["criterion"], one["rating"], one["seen"]) for one in row.get("evidence", [])
        ],
        items=[(one["item"], one["state"], one["side"]) for one in row.get("items", [])],
        claims=[_told_claim(one, today) for one in row.get("claims", [])],
        withdrawn=row.get("withdrawn", ""),
    )
    if not sketch.held:
        sketch.channel = ""
        return sketch
    sketch.levels = _other_levels(group, sketch)
    sketch.trust = row.get("trust", _scatter(luck, mood * 4))
    if "next_step" in row:
        sketch.step = _told_step(row["next_step"], today)
    _answer(sketch, table, luck, mood)
    sketch.readings |= row.get("readings", {})
    return sketch


def _told_claim(row: Table, today: date) -> Promise:
    due = today + timedelta(days=row["due"]) if "due" in row else None
    return Promise(row["claim"], row["side"], row["text"], due, row.get("basis", ""))


def _told_step(row: Table, today: date) -> Step:
    return Step(row["what"], "Amina", row["side"], today + timedelta(days=row["due"]))


def _author(table: Table, level: int, luck: Random) -> str:
    if table["context"] == "kestria":
        return "oskar"
    return "rosa" if level == 4 or luck.random() < 0.18 else "amina"


def _other_levels(group: Table, sketch: Sketch) -> list[str]:
    ranks = {row["rank"] for row in group["people"] if row["code"] in sketch.people}
    return sorted(ranks - {sketch.highest}, key=_RANKS.index)


# --- Meetings between them ----------------------------------------------------------------------

_TYPES: dict[str, dict[str, dict[str, float]]] = {
    "norms": {
        LOW: {"courtesy": 2, "norm": 3, "msg": 2, "cancel": 1.5, "diss": 1, "repr": 1},
        MIDDLE: {
            "norm": 4, "diss": 3, "work": 1, "courtesy": 1, "pract": 1, "review": 1, "cancel": 1,
            "msg": 1, "draft": 1, "repr": 1,
        },
        HIGH: {
            "norm": 4, "diss": 2, "work": 2, "tot": 2, "drill": 1, "visit": 2, "review": 2,
            "draft": 1, "pract": 1, "cancel": 0.6, "nego": 1,
        },
    },
    "relief": {
        LOW: {"pract": 4, "secgar": 3, "cancel": 2, "msg": 2, "repr": 1},
        MIDDLE: {
            "pract": 5, "secgar": 3, "courtesy": 1, "visit": 1, "cancel": 1, "msg": 1, "norm": 1,
            "repr": 1,
        },
        HIGH: {
            "pract": 5, "visit": 2, "review": 2, "secgar": 1, "norm": 1, "diss": 1, "courtesy": 1,
            "cancel": 0.5,
        },
    },
    "talks": {
        LOW: {"medi": 2, "msg": 2, "cancel": 1},
        MIDDLE: {"medi": 3, "nego": 2, "courtesy": 1, "msg": 1, "cancel": 0.5},
        HIGH: {"medi": 3, "nego": 2, "review": 2},
    },
    "policy": {
        LOW: {"msg": 3, "repr": 2, "cancel": 1},
        MIDDLE: {"msg": 2, "repr": 2, "norm": 1},
        HIGH: {"norm": 2, "repr": 1},
    },
}  # fmt: skip
_OUTCOMES: dict[str, dict[str, list[int]]] = {
    "courtesy": {LOW: [0], MIDDLE: [0], HIGH: [0, 2]},
    "secgar": {LOW: [-1, 0], MIDDLE: [1, 1, 0], HIGH: [1]},
    "pract": {LOW: [-1, 0, 1], MIDDLE: [1, 1, 0], HIGH: [1]},
    "norm": {LOW: [-1, 0, 0], MIDDLE: [0, 2, 2], HIGH: [2, 2, 3]},
    "diss": {LOW: [0], MIDDLE: [0, 2], HIGH: [2, 2, 4]},
    "work": {LOW: [0], MIDDLE: [2], HIGH: [2, 3]},
    "tot": {LOW: [0], MIDDLE: [2], HIGH: [4]},
    "drill": {LOW: [0], MIDDLE: [2], HIGH: [4]},
    "draft": {LOW: [-1, 0], MIDDLE: [3, 0], HIGH: [3, 4]},
    "visit": {LOW: [-1, 0], MIDDLE: [1, 4], HIGH: [4]},
    "repr": {LOW: [-1, 0], MIDDLE: [0], HIGH: [3, 4]},
    "nego": {LOW: [-1, 0], MIDDLE: [0, 3], HIGH: [3]},
    "review": {LOW: [0], MIDDLE: [3, 4], HIGH: [4]},
    "medi": {LOW: [-1, 0], MIDDLE: [0, 1], HIGH: [1, 3]},
    "msg": {LOW: [-1], MIDDLE: [0], HIGH: [1]},
}
_GRADES = ("A1", "A2", "B1", "B2", "B2", "B2", "B2", "B3", "C2", "C3")
_CHANNELS = {"their_area": 5, "neutral_place": 3, "government_area": 1, "voice": 1, "online": 0.5}


def _draw(luck: Random, weights: dict[str, float]) -> str:
    return luck.choices(list(weights), list(weights.values()))[0]


def _scatter(luck: Random, centre: float) -> int:
    """A whole number 0-4 near the centre."""
    return min(4, max(0, round(luck.gauss(centre, 0.6))))


@dataclass
class _Drawn:
    """Draws the meetings of one engagement that nobody wrote out."""

    table: Table
    group: Table
    context: Table
    today: date

    def meeting(self, place: int, count: int) -> Sketch:
        luck = chance(self.table["key"], place)
        ago = self._ago(place, count, luck)
        mood = mood_at(self.table["mood"], ago)
        band = _band(luck.gauss(mood, 0.08))
        level = luck.choices([1, 2, 3, 4], [7, 31, 50, 12])[0]
        sketch = Sketch(
            number=place,
            day=months_before(self.today, ago),
            type=_draw(luck, _TYPES[self.table["style"]][band]),
            band=band,
            author=_author(self.table, 3 if self.table["context"] == "kestria" else level, luck),
            level=min(level, 3) if self.table["context"] == "kestria" else level,
            precision="month" if ago > 20 and luck.random() < 0.12 else "day",
            grade=luck.choice(_GRADES),
            area=luck.choice(self.context["areas"]),
            town=luck.choice(self.context["towns"]),
        )
        self._fill(sketch, luck, mood)
        return sketch

    def _ago(self, place: int, count: int, luck: Random) -> float:
        """Months ago: spread evenly from the first contact to now, a little off the beat."""
        first, last = self.table["mood"][0][0] - 0.4, self.table.get("until", 0.25)
        step = (first - last) / count
        return max(last, first - step * (place + luck.random()))

    def _fill(self, sketch: Sketch, luck: Random, mood: float) -> None:
        if sketch.type == "cancel":
            sketch.held, sketch.channel = False, ""
        else:
            sketch.channel = "messaging" if sketch.type == "msg" else _draw(luck, _CHANNELS)
            sketch.outcome = luck.choice(_OUTCOMES[sketch.type][sketch.band])
            sketch.topics = self._topics(sketch, luck)
        people = self._people(sketch, luck)
        sketch.summary = self._words(sketch, people, luck)
        if not sketch.held:
            return
        sketch.people = [row["code"] for row in people]
        ranks = sorted({row["rank"] for row in people}, key=_RANKS.index)
        sketch.highest, sketch.levels = ranks[0], ranks[1:]
        if sketch.type in ("diss", "work", "drill") and "L4" not in ranks and luck.random() < 0.6:
            sketch.levels = [*sketch.levels, "L4"]
        if sketch.type != "msg" and luck.random() < 0.85:
            sketch.trust = _scatter(luck, mood * 4)
        _answer(sketch, self.table, luck, mood)
        _add_rest(sketch, luck, self.today)

    def _topics(self, sketch: Sketch, luck: Random) -> list[str]:
        norms = [norm for norm in self.table["norms"] if norm != "GEN"]
        if sketch.type in ("msg", "courtesy") or (not norms and luck.random() < 0.5):
            return []
        pool = norms or ["N01", "N03", "N04"]
        topics = {luck.choice(pool)}
        if luck.random() < 0.25:
            topics.add(luck.choice([*pool, "N01", "N03"]))
        return sorted(topics)

    def _people(self, sketch: Sketch, luck: Random) -> list[Table]:
        """One or two counterparts; low ranks more often than high ones."""
        weights = {"L1": 0.6, "L2": 2, "L3": 3, "L4": 0, "LP": 1.5, "LI": 1}
        if sketch.band == LOW:
            weights |= {"L1": 0.05, "LI": 2}
        people = self.group["people"]
        first = luck.choices(people, [weights[row["rank"]] for row in people])[0]
        others = [row for row in people if row is not first and row["rank"] != "L1"]
        return [first, luck.choice(others)] if others and luck.random() < 0.35 else [first]

    def _words(self, sketch: Sketch, people: list[Table], luck: Random) -> str:
        said = data("phrases")
        norm = sketch.topics[0] if sketch.topics else "GEN"
        slots = {"town": sketch.town, "topic": said["topics"].get(norm, "the rules of war")}
        foreign = luck.random()
        if foreign < 0.13 and sketch.type in _ALSO_IN_OTHER_LANGUAGES:
            language = "french" if foreign < 0.09 else "arabic"
            slots["who"] = people[0]["code"]
            return luck.choice(said[language][sketch.band]).format(**slots)
        slots["who"] = _spoken(people[0])
        opening = luck.choice(said["opening"][sketch.type][sketch.band]).format(**slots)
        opening = _SENTENCE_START.sub(lambda found: found.group().upper(), opening)
        aside = luck.choice(said["asides"][sketch.band])
        return opening if sketch.type in ("msg", "cancel") else f"{opening} {aside}"


_ALSO_IN_OTHER_LANGUAGES = frozenset({"courtesy", "norm", "pract", "secgar", "visit"})
_SENTENCE_START = re.compile(r"(?:^|(?<=[.!?] ))[a-z]")


def _spoken(person: Table) -> str:
    """How a note speaks of a counterpart: "the commander" for "Commander, northern region"."""
    role = str(person["role"]).split(",")[0]
    return f"the {role[0].lower()}{role[1:]}"


# --- What was answered in the folded blocks, and what it proposes ---------------------------------

_OBJECTIONS = {
    LOW: ["not_our_law", "they_do_it_too", "enemy_tool", "state_signed_it"],
    MIDDLE: ["they_do_it_too", "not_suited_here", "no_means", "religion_or_custom"],
    HIGH: ["none", "no_means", "none"],
}
_MOTIVES = {
    LOW: ["tactical", "pressure"],
    MIDDLE: ["interest", "image"],
    HIGH: ["conviction", "interest"],
}
_SEEN_AS = {
    LOW: ["western", "states_agent", "partisan"],
    MIDDLE: ["useful", "western"],
    HIGH: ["neutral", "useful"],
}
_MOVED = {LOW: ["frozen", "frozen", "mixed"], MIDDLE: ["mixed", "moved"], HIGH: ["moved", "mixed"]}
_MANNER = (
    "law_stated_exactly",
    "no_trade_offered",
    "practical_example",
    "their_culture_named",
    "listened_first",
)
_INTERESTS = tuple(str(code) for code in CODES["interest_arguments"].values())


def _answer(sketch: Sketch, table: Table, luck: Random, mood: float) -> None:
    """Answers to the blocks that the type opens, the readings they propose, and a few judged."""
    opens = CODES["interaction_types"][sketch.type].extra["opens"]
    for block in opens:
        if block in _ASKED and luck.random() < 0.55:
            sketch.details[block] = _ASKED[block](sketch.band, luck)
    proposed = propose_readings(trust=sketch.trust, details=sketch.details)
    sketch.readings = {one.factor: one.rating for one in proposed}
    for factor, centre in table["profile"].items():
        met = sketch.highest in ("L1", "L2") if factor == "GR4" else sketch.type in _TALKS
        if met and luck.random() < (0.6 if factor == "GR4" else 0.22):
            sketch.readings[factor] = _scatter(luck, centre + (mood - 0.5))


_TALKS = frozenset({"norm", "diss", "work", "nego", "medi", "visit", "review", "pract"})


def _iceberg(band: str, luck: Random) -> Table:
    said = data("phrases")["iceberg"]
    answer: Table = {"moved": luck.choice(_MOVED[band])}
    for layer in ("position", "reasoning", "values"):
        if luck.random() < 0.5:
            answer |= {
                layer: luck.choice(said[layer]),
                f"{layer}_basis": luck.choice(["quote", "inference"]),
            }
    return answer


def _island(band: str, luck: Random) -> Table:
    said = data("phrases")["island"]
    return {cell: luck.choice(said[cell]) for cell in said if luck.random() < 0.5}


def _manner(band: str, luck: Random) -> Table:
    ticked = [one for one in _MANNER if luck.random() < (0.8 if band == HIGH else 0.6)]
    return {"ticked": ticked, "interests": [luck.choice(_INTERESTS)] if luck.random() < 0.5 else []}


def _setting(band: str, luck: Random) -> Table:
    political = {LOW: [2, 3, 4], MIDDLE: [1, 2], HIGH: [0, 1]}[band]
    return {
        "politicised": luck.choice(political),
        "publicity": luck.choice(["wanted", "not_wanted"]),
        "instrumentalisation": "yes" if band == LOW and luck.random() < 0.4 else "no",
    }


_ASKED: dict[str, Any] = {
    "iceberg": _iceberg,
    "island": _island,
    "objections": lambda band, luck: {"heard": [luck.choice(_OBJECTIONS[band])]},
    "motives": lambda band, luck: {"named": [luck.choice(_MOTIVES[band])]},
    "manner": _manner,
    "seen_as": lambda band, luck: {"ticked": [luck.choice(_SEEN_AS[band])]},
    "setting": _setting,
    "security": lambda band, luck: {
        "guarantor": luck.choice(["top_command", "local_command", "community", "none"]),
        "event": luck.choice(["none", "none", "delay"]),
    },
    "violation_talk": lambda band, luck: {
        "reply": luck.choice(
            {LOW: ["none", "denial"], MIDDLE: ["inquiry"], HIGH: ["sanction", "remedy"]}[band]
        )
    },
}


# --- What hangs on a meeting ----------------------------------------------------------------------


def _add_rest(sketch: Sketch, luck: Random, today: date) -> None:
    said = data("phrases")
    if sketch.type in ("pract", "secgar", "visit") and luck.random() < 0.8:
        states = {LOW: ["agreed", "failed"], MIDDLE: ["agreed", "delivered"], HIGH: ["delivered"]}
        item = luck.choice(said["items"]["list"])
        sketch.items.append(
            (item, luck.choice(states[sketch.band]), luck.choice(["ours", "theirs"]))
        )
    if sketch.type in ("diss", "work", "tot", "drill", "visit", "review") and luck.random() < 0.5:
        sketch.evidence.append(_noted(sketch, luck))
    if sketch.type not in ("msg", "courtesy") and luck.random() < 0.42:
        sketch.claims.append(_claim(sketch, luck))
    if sketch.type != "msg" and luck.random() < 0.45:
        sketch.step = _step(sketch, luck, today)


def _noted(sketch: Sketch, luck: Random) -> tuple[str, int | None, str]:
    criteria = {
        "D": ["D1", "D10"],
        "T": ["Te3", "Tt1", "Tt2"],
        "E": ["E1", "E7"],
        "S": ["S1", "S4"],
        "P": ["P1", "P2"],
    }
    dimension = luck.choice(list(criteria))
    rating = {LOW: 0, MIDDLE: 2, HIGH: 3}[sketch.band]
    return luck.choice(criteria[dimension]), rating, luck.choice(data("phrases")["seen"][dimension])


def _claim(sketch: Sketch, luck: Random) -> Promise:
    said = data("phrases")["promises"]
    kind = luck.choices(["promise", "demand", "offer", "refusal", "fact"], [6, 2, 1, 1, 1])[0]
    basis = luck.choice(["told", "told", "seen", "inferred"])
    if kind == "promise":
        side = luck.choice(["ours", "theirs", "theirs"])
        due = sketch.day + timedelta(days=luck.randint(18, 80)) if luck.random() < 0.85 else None
        return Promise(kind, side, luck.choice(said[side]), due, basis)
    if kind == "fact":
        return Promise(kind, "theirs", luck.choice(said["facts"]), None, basis)
    pool = {"demand": said["asks"], "offer": said["theirs"], "refusal": said["ours"]}[kind]
    return Promise(kind, "theirs", luck.choice(pool), None, basis)


def _step(sketch: Sketch, luck: Random, today: date) -> Step:
    due = sketch.day + timedelta(days=luck.randint(10, 45))
    side = luck.choice(["ours", "ours", "ours", "theirs"])
    who = sketch.author.capitalize() if side == "ours" else "Their liaison"
    step = Step(luck.choice(data("phrases")["steps"]["list"]), who, side, due)
    left_open = due > today - timedelta(days=70) and luck.random() < 0.5
    if due < today and not left_open:
        late = luck.choice([-4, -2, -1, 0, 3, 9])
        step.progress = "dropped" if luck.random() < 0.1 else "done"
        if step.progress == "done":
            step.done_on = min(due + timedelta(days=late), today)
    return step


def _settle(meetings: list[Sketch], luck: Random, today: date) -> None:
    """Say of past promises what a later meeting showed; the better the mood, the more were kept."""
    for sketch in meetings:
        for claim in sketch.claims:
            if claim.claim == "promise" and claim.due_on and claim.due_on < today:
                _settle_one(claim, sketch, meetings, luck, today)


def _settle_one(
    claim: Promise, sketch: Sketch, meetings: list[Sketch], luck: Random, today: date
) -> None:
    later = [one for one in meetings[sketch.number + 1 :] if one.held and not one.withdrawn]
    if not later or claim.due_on is None or claim.due_on > today - timedelta(days=30):
        return
    kept = luck.random() < {LOW: 0.25, MIDDLE: 0.55, HIGH: 0.8}[sketch.band]
    in_time = [one for one in later if one.day <= claim.due_on]
    after = [one for one in later if one.day > claim.due_on]
    if kept and in_time:
        claim.settlement, claim.settled_by = "kept", in_time[-1].number
    elif after:
        claim.settlement = "kept" if kept else luck.choice(["broken", "broken", "unclear"])
        claim.settled_by = after[0].number
