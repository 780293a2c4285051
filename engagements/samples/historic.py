"""The eleven historic cases, from their data file, each statement with its source and grade.

What a record has no column for (the events that followed, our notes, how wide the placing on the
stage ladder is, the corrections to the paper) stands in the commitment's note, in words, sourced.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from engagements.models import (
    Commitment,
    CommitmentSource,
    CommitmentStatus,
    Dossier,
    Engagement,
    Interaction,
    InteractionTopic,
)
from engagements.samples import stages
from engagements.samples.actors import add_fact, add_group, add_ngo, add_ties
from engagements.samples.beside import add_clause
from engagements.samples.seed import data, fixed_id, noon, partial
from records.dates import PartialDate
from scorecards.models import Assessment, CriterionRating, RatingEvidence
from scorecards.services.snapshots import open_standings

Table = dict[str, Any]
_PROVENANCE = {
    "seed": "the paper itself",
    "saw": "a public copy was read",
    "title": "only its title was seen",
    "recall": "from memory, to be checked",
    "design": "our own reading",
}


def add_historic_cases() -> list[Dossier]:
    """Everything of the file, in one go. The dossiers opened, for scoring."""
    historic = data("historic")
    _add_actors(historic)
    dossiers: dict[Any, Dossier] = {}
    for case in historic["cases"]:
        engagement = _engagement(case)
        opened = _open_dossiers(engagement, case)
        dossiers |= {row.pk: row for row in opened}
        commitment = _add_commitment(case, engagement, opened)
        for number, row in enumerate(case.get("interactions", [])):
            _add_meeting(case, number, row, engagement)
        for number, event in enumerate(case["events"]):
            if "criterion" in event and event["on"]:
                _add_rating(case, number, event, opened[-1], commitment)
        _place(case, opened[-1], commitment)
    return list(dossiers.values())


def source_words(key: str, grade: str = "") -> str:
    """A source as a reader needs it: reference, how it was read, grade."""
    source = data("historic")["sources"][key]
    how = _PROVENANCE[source["provenance"]]
    return f"{source['reference']} ({how}; {grade or source['grade']})"


def _add_actors(historic: Table) -> None:
    for table in historic["ngos"]:
        types = [row["type"] for row in sorted(table["types"], key=lambda row: not row["primary"])]
        note = f"{table['note']} Source: {source_words(table['source'], table['grade'])}."
        add_ngo(table | {"note": note}, types=types, names=_sourced(table["names"]))
    for table in historic["armed_groups"]:
        start = partial(table["active_from"])
        group = table | {"grade": table["active_from_grade"], "default_level": 1, "motive": []}
        add_group(group, active_from=start, names=_sourced(table["names"]))
    for table in historic["armed_groups"]:
        add_ties(table, said=lambda row: source_words(row["source"], row["grade"]))
    for table in historic["contexts"]:
        for number, row in enumerate(table["facts"]):
            add_fact(
                table["key"],
                number,
                row,
                begun=partial(row["from"]),
                ended=partial(row["to"]),
                source=source_words(row["source"], row["grade"]),
                group=row["armed_group"],
            )


def _sourced(names: list[Table]) -> list[Table]:
    return [row | {"source": source_words(row["source"])} for row in names]


def _engagement(case: Table) -> Engagement:
    """Cases of the same parties in the same context share one engagement."""
    told = case["engagement"]
    key = (case["ngo"], case["armed_group"], case["context"])
    known = Engagement.objects.filter(pk=fixed_id("engagement", *key)).first()
    if known is not None:
        return known
    engagement = Engagement(
        pk=fixed_id("engagement", *key),
        context_id=fixed_id("context", case["context"]),
        level=1,
        ngo_id=fixed_id("ngo", case["ngo"]),
        armed_group_id=fixed_id("group", case["armed_group"]),
        status=told["status"],
    )
    engagement.started_on = partial(told["started_on"])
    engagement.save(force_insert=True)
    return engagement


def _place(case: Table, dossier: Dossier, commitment: Commitment) -> None:
    """The illustrative placing: the lower end of the range, from the day of the text."""
    told = case["engagement"]
    if told["stage"]:
        on, rests_on = dossier.opened_on, [(Commitment.kind, commitment.pk)]
        stages.place(dossier, min(told["stage"]), on, told["stage_note"], rests_on)


def _open_dossiers(engagement: Engagement, case: Table) -> list[Dossier]:
    """The general dossier, and the one of the norm on which the case is placed."""
    norms = dict.fromkeys(["GEN", case["engagement"]["stage_norm"] or "GEN"])
    signed = partial(case["commitment"]["signed_on"])
    opened = []
    for norm in norms:
        dossier, made = Dossier.objects.get_or_create(
            pk=fixed_id("dossier", engagement.pk, norm),
            defaults={
                "context_id": engagement.context_id,
                "level": 1,
                "engagement": engagement,
                "norm": norm,
                "opened_on": signed.first if signed else date(1900, 1, 1),
            },
        )
        if made:
            open_standings(dossier.pk)
        opened.append(dossier)
    return opened


def _add_commitment(case: Table, engagement: Engagement, dossiers: list[Dossier]) -> Commitment:
    told = case["commitment"]
    commitment = Commitment(
        pk=fixed_id("commitment", case["key"]),
        context_id=engagement.context_id,
        level=1,
        instrument=told["instrument"],
        title=told["title"],
        parties=[_party(row) for row in told["parties"]],
        norms=told["norms"],
        status=told["status"],
        verification=told["verification"] or "V0",
        conditions=told["conditions"],
        reservations=told["reservations"],
        note=_note(case),
    )
    commitment.signed_on = partial(told["signed_on"])
    commitment.in_force_from = partial(told["in_force_from"])
    commitment.ended_on = partial(told["ended_on"])
    commitment.save(force_insert=True)
    commitment.dossiers.set(dossiers)
    _add_sources(commitment, told)
    for status in told["statuses"]:
        row = CommitmentStatus(commitment=commitment, status=status["status"])
        row.since = partial(status["since"])
        row.save()
    for position, clause in enumerate(told["clauses"]):
        text = f"{clause['text']} [{source_words(clause['source'], clause['grade'])}]"
        add_clause(
            commitment, position, clause["norm"], clause["obligation"], text, clause["state"]
        )
    return commitment


def _party(row: Table) -> Table:
    return {name: row[name] for name in ("name", "kind", "role", "note")}


def _add_sources(commitment: Commitment, told: Table) -> None:
    sources = data("historic")["sources"]
    for place, key in enumerate(told["sources"]):
        source = sources[key]
        row = CommitmentSource(
            commitment=commitment,
            source=source["kind"],
            reference=f"{source['reference']} ({_PROVENANCE[source['provenance']]})",
            grade=told["grade"] if place == 0 else source["grade"],
        )
        row.dated = partial(source["date"])
        row.save()


def _note(case: Table) -> str:
    """What followed and what a reader must know, one line each."""
    told = case["commitment"]
    lines = [told["note"], f"Place: {told['place']}." if told["place"] else ""]
    lines += [_event_line(event) for event in case["events"]]
    lines += [f"{note['text']} [{source_words(note['source'])}]" for note in case["notes"]]
    lines.append(case["engagement"]["stage_note"])
    lines += [
        f"Correction to the paper: {row['text']} [{source_words(row['source'])}]"
        for row in data("historic")["corrections"]
        if case["key"] in row["cases"]
    ]
    return "\n".join(line for line in lines if line)


def _event_line(event: Table) -> str:
    when = " ".join(part for part in (event["qualifier"], event["on"]) if part)
    when = when[:1].upper() + when[1:] if when else "Undated"
    return f"{when}: {event['what']} [{source_words(event['source'], event['grade'])}]"


def _add_meeting(case: Table, number: int, row: Table, engagement: Engagement) -> None:
    held_on = PartialDate.parse(row["held_on"], row["date_precision"])
    meeting = Interaction(
        pk=fixed_id("meeting", case["key"], number),
        context_id=engagement.context_id,
        level=1,
        engagement=engagement,
        type=row["type"],
        channel=row["channel"],
        place_country=row["place_country"],
        place_detail=row["place_detail"],
        highest_level=row["highest_level"],
        outcome=row["outcome"],
        grade=row["grade"],
        summary=f"{row['summary']} [{source_words(row['source'], row['grade'])}]",
    )
    meeting.held_on = held_on
    meeting.save(force_insert=True)
    InteractionTopic.objects.bulk_create(
        InteractionTopic(interaction=meeting, norm=norm) for norm in row["topics"]
    )


def _add_rating(
    case: Table, number: int, event: Table, dossier: Dossier, commitment: Commitment
) -> None:
    """An event that says where the group stands on a criterion, as a final rating of its day."""
    day = PartialDate.parse(event["on"])
    assessment = Assessment(
        pk=fixed_id("assessment", case["key"], number),
        context_id=dossier.context_id,
        level=1,
        dossier=dossier,
        as_of=day.last,
        stage="final",
        author_id=fixed_id("user", "amina"),
        reviewer_id=fixed_id("user", "rosa"),
        handed_in_at=noon(day.last),
        finalised_at=noon(day.last),
    )
    assessment.save(force_insert=True)
    rating = CriterionRating(
        pk=fixed_id("rating", assessment.pk, 0),
        assessment=assessment,
        criterion=event["criterion"],
        rating=event["rating"],
        grade=event["grade"],
        note=_event_line(event),
    )
    rating.observed_on = day
    rating.save(force_insert=True)
    RatingEvidence.objects.create(rating=rating, kind="commitment", record=commitment.pk)
