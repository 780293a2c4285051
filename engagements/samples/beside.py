"""What stands beside the meetings: commitments, incidents, watching effort, blockers, plans."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Model

from engagements.models import (
    Blocker,
    Clause,
    ClauseState,
    Commitment,
    CommitmentSource,
    CommitmentStatus,
    Dossier,
    Engagement,
    Incident,
    Observation,
    Plan,
)
from engagements.samples.meetings import store
from engagements.samples.seed import chance, entered_on, fixed_id, months_before, noon

Table = dict[str, Any]


def add_commitment(table: Table, engagement: Engagement, today: date) -> None:
    """A commitment on the engagement's general dossier and those of its norms."""
    commitment = Commitment(
        pk=fixed_id("commitment", table["key"]),
        context_id=engagement.context_id,
        level=table["level"],
        instrument=table["instrument"],
        title=table["title"],
        review_on=months_before(today, table["review"]) if "review" in table else None,
        parties=[
            {"name": name, "kind": kind, "role": role, "note": ""}
            for name, kind, role in table["parties"]
        ],
        norms=table["norms"],
        status=table["status"],
        legal_effect=table["legal_effect"],
        verification=table["verification"],
        conditions=table.get("conditions", ""),
        note="Fictitious.",
        created_by_id=fixed_id("user", "oskar" if "highland" in table["key"] else "amina"),
    )
    commitment.signed_on = _ago(table, "signed", today)
    commitment.in_force_from = _ago(table, "in_force", today)
    commitment.ended_on = _ago(table, "ended", today)
    first = max(ago for _, ago in table["statuses"])
    entered = entered_on(months_before(today, first), today)
    commitment.created_at = commitment.updated_at = entered
    commitment.save(force_insert=True)
    norms = ["GEN", *table["norms"]]
    commitment.dossiers.set(Dossier.objects.filter(engagement=engagement, norm__in=norms))
    _add_course(commitment, table, today)


def _ago(table: Table, name: str, today: date) -> date | None:
    return months_before(today, table[name]) if name in table else None


def _add_course(commitment: Commitment, table: Table, today: date) -> None:
    for status, ago in table["statuses"]:
        row = CommitmentStatus(commitment=commitment, status=status)
        row.since = months_before(today, ago)
        row.save()
    kind, reference, grade = table["source"]
    CommitmentSource.objects.create(
        commitment=commitment, source=kind, reference=reference, grade=grade
    )
    for position, (norm, obligation, text, state) in enumerate(table["clauses"]):
        add_clause(commitment, position, norm, obligation, text, state)


def add_clause(
    commitment: Commitment, position: int, norm: str, obligation: str, text: str, state: str
) -> None:
    """A clause: promised first, and what it is now."""
    clause = Clause.objects.create(
        commitment=commitment,
        position=position,
        norm=norm,
        obligation=obligation,
        text=text,
        progress=state,
    )
    course = ["promised"] if state == "promised" else ["promised", state]
    ClauseState.objects.bulk_create(ClauseState(clause=clause, progress=one) for one in course)


def add_incidents(table: Table, context: Table, today: date) -> None:
    """The violations reported of one group, some of them of a promise it made."""
    for number, row in enumerate(table["rows"]):
        ago, category, standard, attribution, response, level, child, what = row
        luck = chance("incident", table["group"], number)
        day = months_before(today, ago)
        incident = Incident(
            pk=fixed_id("incident", table["group"], number),
            context_id=fixed_id("context", table["context"]),
            level=level,
            armed_group_id=fixed_id("group", table["group"]),
            category=category,
            standard=standard,
            attribution=attribution,
            response=response,
            child_victim=child,
            victims=luck.choice([None, 1, 2, 3, 6]),
            place_country=context["countries"][0],
            place_admin1=luck.choice(context["areas"]),
            place_detail=luck.choice(context["towns"]),
            grade={"verified": "A1", "credible": "B2"}.get(standard, "C3"),
            description=what,
            source="Two people who do not know each other",
            created_by_id=fixed_id("user", "oskar" if table["context"] == "kestria" else "amina"),
            created_at=noon(day + timedelta(days=3)),
            updated_at=noon(day + timedelta(days=3)),
        )
        incident.occurred_on = day
        incident.save(force_insert=True)
        if category in table["linked"] and ago < 20:
            linked = Commitment.objects.get(pk=fixed_id("commitment", table["linked"][category]))
            incident.commitments.add(linked)


def add_watching(context: Table, today: date) -> None:
    """How many location-months were watched, by quarter, for the last three years."""
    quarter = date(today.year, 3 * ((today.month - 1) // 3) + 1, 1)
    rows: list[Model] = []
    for _ in range(12):
        quarter = (quarter - timedelta(days=1)).replace(day=1)
        quarter = date(quarter.year, 3 * ((quarter.month - 1) // 3) + 1, 1)
        for group in context["watched"]:
            rows.append(
                Observation(
                    pk=fixed_id("watching", group, quarter),
                    context_id=fixed_id("context", context["key"]),
                    level=2,
                    armed_group_id=fixed_id("group", group),
                    quarter=quarter,
                    location_months=chance("watching", group, quarter).randint(3, 14),
                    source="Staff reports of the quarter",
                    created_at=entered_on(quarter + timedelta(days=95), today),
                )
            )
    store(rows)


def add_blocker(table: Table, dossier: Dossier, today: date) -> None:
    raised, lifted = months_before(today, table["raised"]), _ago(table, "lifted", today)
    rosa = fixed_id("user", "rosa")
    Blocker(
        pk=fixed_id("blocker", table["engagement"], table["norm"]),
        context_id=dossier.context_id,
        level=2,
        dossier=dossier,
        reason=table["reason"],
        raised_on=raised,
        raised_by_id=rosa,
        lifted_on=lifted,
        lifted_by_id=rosa if lifted else None,
        note=table["note"],
        created_by_id=rosa,
        created_at=entered_on(raised, today),
        updated_at=entered_on(lifted or raised, today),
    ).save(force_insert=True)


def add_plan(table: Table, number: int, engagement: Engagement, today: date) -> None:
    """A meeting to come; its day and place are sealed."""
    day = today + timedelta(days=table["in"])
    Plan(
        pk=fixed_id("plan", number),
        context_id=engagement.context_id,
        level=table["level"],
        engagement=engagement,
        planned_month=day.replace(day=1),
        planned_on=day.isoformat(),
        place=table["place"],
        objective=table["objective"],
        offer=table["offer"],
        bottom_line=table["bottom_line"],
        red_lines=table["red_lines"],
        objections=table["objections"],
        stakeholders={"sway": table["stakeholders"]},
        speaker=table["speaker"],
        created_by_id=fixed_id("user", table["speaker"].lower()),
    ).save(force_insert=True)
