"""One meeting as a person may read it: in full, or the structured part, coarse from level 3 on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.access import COARSE_FROM, Viewer, may, reads_in_full, visible
from actors.models import Counterpart
from engagements.access import claims_visible_to, dossiers_visible_to, follow_ups_visible_to
from engagements.details import BLOCKS, CODES, Many, One, Words
from engagements.models import Claim, Dossier, FollowUp, Interaction
from engagements.selectors.touched import dossiers_touched
from records.codes import load
from records.dates import PartialDate
from records.models import RecordVersion
from records.models.records import CURRENT
from records.versions import versions_of

FACTORS = load("scorecards", "factors.toml")["factors"]
CRITERIA = load("scorecards", "criteria.toml")["criteria"]


@dataclass(frozen=True)
class ReadingShown:
    factor: str
    name: str
    word: str
    note: str


@dataclass(frozen=True)
class SeenShown:
    criterion: str
    name: str
    anchor: str
    seen: str


@dataclass(frozen=True)
class BlockShown:
    heading: str
    answers: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MeetingShown:
    """What the page draws. `full` is False for a reader who gets the structured part only."""

    meeting: Interaction
    full: bool
    when: PartialDate
    place: str
    topics: tuple[str, ...]
    levels: tuple[str, ...]
    people: tuple[str, ...]
    readings: tuple[ReadingShown, ...]
    seen: tuple[SeenShown, ...]
    items: tuple[tuple[str, str, str], ...]
    blocks: tuple[BlockShown, ...]
    claims: tuple[Claim, ...]
    steps: tuple[FollowUp, ...]
    dossiers: tuple[Dossier, ...]
    versions: tuple[RecordVersion, ...]
    may_change: bool


def meeting_page(viewer: Viewer, meeting: Interaction) -> MeetingShown:
    """Everything on the page of a meeting that this viewer may see. Constant queries."""
    full = reads_in_full(viewer, meeting)
    coarse = not full and meeting.level >= COARSE_FROM
    dossiers = dossiers_visible_to(viewer).filter(pk__in=dossiers_touched(meeting))
    return MeetingShown(
        meeting=meeting,
        full=full,
        when=_coarse(meeting.held_on) if coarse else meeting.held_on,
        place=_place(meeting, full),
        topics=tuple(CODES["norms"].label(row.norm) for row in meeting.topic_rows.all()),
        levels=_levels(meeting),
        people=_people(viewer, meeting, full),
        readings=_readings(meeting, full),
        seen=_seen(meeting, full),
        items=_items(meeting, full),
        blocks=tuple(_blocks(meeting, full)),
        claims=_claims(viewer, meeting),
        steps=_steps(viewer, meeting) if full else (),
        dossiers=tuple(dossiers.order_by("norm")),
        versions=tuple(versions_of(meeting)) if full else (),
        may_change=meeting.state == CURRENT and may(viewer, "u", meeting),
    )


def _coarse(day: PartialDate) -> PartialDate:
    if day.precision != "day":
        return day
    return PartialDate(day.first.replace(day=1), "month")


def _place(meeting: Interaction, full: bool) -> str:
    parts = [meeting.place_detail if full else "", meeting.place_admin1, meeting.place_country]
    return ", ".join(filter(None, parts))


def _levels(meeting: Interaction) -> tuple[str, ...]:
    names = dict(Interaction._meta.get_field("highest_level").flatchoices)
    return tuple(names[code] for code in meeting.levels if code != meeting.highest_level)


def _people(viewer: Viewer, meeting: Interaction, full: bool) -> tuple[str, ...]:
    """Counterparts whose record the viewer may read too: by code, or by rank alone."""
    rows = list(meeting.participants.all())
    known = visible(viewer, Counterpart.objects.all()).in_bulk([row.counterpart_id for row in rows])
    return tuple(
        _person(row, known[row.counterpart_id], full) for row in rows if row.counterpart_id in known
    )


def _person(row: Any, who: Counterpart, full: bool) -> str:
    same = {True: "same person as last time", False: "another person than last time", None: ""}
    mandate = f"mandate to speak: {row.get_mandate_display().lower()}" if row.mandate else ""
    named = [who.code, who.role] if full else []
    return ", ".join(
        filter(None, [*named, who.get_rank_display(), mandate, same[row.same_as_last]])
    )


def _readings(meeting: Interaction, full: bool) -> tuple[ReadingShown, ...]:
    return tuple(
        ReadingShown(
            factor=row.factor,
            name=FACTORS.label(row.factor),
            word=FACTORS[row.factor].extra["ratings"][row.rating],
            note=row.note if full else "",
        )
        for row in meeting.readings.all()
    )


def _seen(meeting: Interaction, full: bool) -> tuple[SeenShown, ...]:
    return tuple(
        SeenShown(
            criterion=row.criterion,
            name=CRITERIA.label(row.criterion),
            anchor=""
            if row.rating is None
            else CRITERIA[row.criterion].extra["anchors"][row.rating],
            seen=row.seen if full else "",
        )
        for row in meeting.evidence.all()
    )


def _items(meeting: Interaction, full: bool) -> tuple[tuple[str, str, str], ...]:
    return tuple(
        (row.item if full else "An item", row.get_progress_display(), row.get_side_display())
        for row in meeting.practical_items.all()
    )


def _blocks(meeting: Interaction, full: bool) -> list[BlockShown]:
    words = meeting.details_words if full else {}
    headings = {entry.extra["key"]: entry.label() for entry in CODES["form_blocks"]}
    shown = []
    for block, coded in meeting.details.items():
        said = {**coded, **words.get(block, {})}
        answers = tuple(
            (QUESTIONS.get((block, name), ""), _worded(block, name, said[name]))
            for name in BLOCKS[block]
            if name in said and _is_shown(block, name)
        )
        shown.append(BlockShown(headings.get(block, block), answers))
    return shown


def _is_shown(block: str, name: str) -> bool:
    return isinstance(BLOCKS[block][name], One | Many | Words)


def _worded(block: str, name: str, value: Any) -> str:
    codes = getattr(BLOCKS[block][name], "codes", None)
    given = value if isinstance(value, list) else [value]
    return ", ".join(codes.label(one) if codes and one in codes else str(one) for one in given)


def _claims(viewer: Viewer, meeting: Interaction) -> tuple[Claim, ...]:
    rows = claims_visible_to(viewer).filter(interaction=meeting).exclude(state="deleted")
    return tuple(rows.select_related("settled_by"))


def _steps(viewer: Viewer, meeting: Interaction) -> tuple[FollowUp, ...]:
    return tuple(follow_ups_visible_to(viewer).filter(interaction=meeting).select_related("owner"))


# What each question is called where it is read rather than asked; none: the heading says it.
QUESTIONS = {
    ("iceberg", "moved"): "Their position",
    ("iceberg", "position"): "What they want",
    ("iceberg", "position_basis"): "is",
    ("iceberg", "reasoning"): "How they argue",
    ("iceberg", "reasoning_basis"): "is",
    ("iceberg", "values"): "Why it matters to them",
    ("iceberg", "values_basis"): "is",
    ("island", "fact_agreed"): "Facts agreed",
    ("island", "fact_contested"): "Facts contested",
    ("island", "norm_shared"): "Rules shared",
    ("island", "norm_disputed"): "Rules disputed",
    ("objections", "words"): "In their words",
    ("manner", "interests"): "Interest arguments",
    ("seen_as", "words"): "Their words for us",
    ("setting", "politicised"): "Politics",
    ("setting", "publicity"): "Publicity",
    ("setting", "other_party"): "Other party",
    ("setting", "instrumentalisation"): "Being used",
    ("violation_talk", "reply"): "Their reply",
    ("violation_talk", "words"): "What was said",
    ("security", "guarantor"): "Guaranteed by",
    ("security", "event"): "On the way",
    ("commitment", "status"): "Status",
    ("commitment", "words"): "Clause discussed",
    ("team", "negotiator"): "Negotiator",
    ("team", "support"): "Support",
}
