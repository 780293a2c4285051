"""What two raters said of the same dossier, or read at the same meeting day: for the tasks that ask
them to agree, and for the measure of how far raters agree.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet

from accounts.access import Viewer
from accounts.models import Context
from engagements.access import (
    assessments_visible_to,
    dossiers_visible_to,
    interactions_visible_to,
    reviews,
)
from engagements.models import Interaction, Reading
from records.models import RecordVersion
from records.models.records import CURRENT
from scorecards.models import Assessment, CriterionRating
from scorecards.scoring.agreement import ENOUGH_PAIRS, Rated, Sheet, agreement, pairs_of
from scorecards.services.assessments import RETURNED, SUBMITTED

Ratings = dict[UUID, dict[str, int]]


def sheets_of(rows: QuerySet[Assessment]) -> dict[UUID, list[Sheet]]:
    """Dossier -> what its raters handed in, returned ones among them; three queries."""
    found = list(
        rows.filter(state=CURRENT, handed_in_at__isnull=False, author__isnull=False).order_by()
    )
    ratings = _ratings([row.pk for row in found])
    first = _first_handed_in([row.pk for row in found])
    sheets: dict[UUID, list[Sheet]] = {}
    row: Any
    for row in found:
        said = ratings.get(row.pk, {})
        sheet = Sheet(
            id=str(row.pk),
            author=str(row.author_id),
            as_of=row.as_of,
            begun=row.created_at,
            handed_in=row.handed_in_at,
            final=row.finalised_at,
            ratings=said,
            first=first.get(row.pk, said),
            returned=row.stage == RETURNED,
        )
        sheets.setdefault(row.dossier_id, []).append(sheet)
    return sheets


def _ratings(assessments: list[UUID]) -> Ratings:
    rows = CriterionRating.objects.filter(assessment__in=assessments, rating__isnull=False)
    named: Any = rows.values_list("assessment", "criterion", "rating")
    found: Ratings = {}
    for pk, criterion, rating in named:
        found.setdefault(pk, {})[criterion] = rating
    return found


def _first_handed_in(assessments: list[UUID]) -> Ratings:
    """What each said when it was first handed in, where a version of it was kept since."""
    kept = RecordVersion.objects.filter(
        kind=Assessment.kind, record__in=assessments, body__stage=SUBMITTED
    )
    found: Ratings = {}
    for pk, body in kept.order_by("record", "number").values_list("record", "body"):
        said = {row["criterion"]: row["rating"] for row in body["ratings"]}
        numbers = {code: n for code, n in said.items() if isinstance(n, int)}
        found.setdefault(pk, numbers)
    return found


def readings_of(meetings: Iterable[UUID]) -> Ratings:
    """Meeting -> factor -> 0-4."""
    rows = Reading.objects.filter(interaction__in=list(meetings)).order_by()
    found: Ratings = {}
    for pk, factor, rating in rows.values_list("interaction", "factor", "rating"):
        found.setdefault(pk, {})[factor] = rating
    return found


def same_day(meeting: Interaction) -> QuerySet[Interaction]:
    """What others noted of the same meeting day with the same engagement."""
    if meeting.held_on.precision != "day" or not meeting.held or meeting.state != CURRENT:
        return Interaction.objects.none()
    return Interaction.objects.filter(
        engagement=meeting.engagement_id,
        held_on_first=meeting.held_on.first,
        held_on_precision="day",
        held=True,
        state=CURRENT,
    ).exclude(created_by=meeting.created_by_id)


# --- How far raters agree -------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Agreement:
    """Pairs of ratings and their weighted kappa; None below 20 pairs, or where it says nothing."""

    pairs: int
    kappa: float | None

    @property
    def is_enough(self) -> bool:
        return self.pairs >= ENOUGH_PAIRS


@dataclass(frozen=True, slots=True)
class AgreementLine:
    name: str
    criteria: Agreement
    factors: Agreement


def agreement_lines(viewer: Viewer) -> list[AgreementLine]:
    """One line per context in which the viewer reviews, then one for all of them together."""
    contexts = [grant.context_id for grant in viewer.grants if reviews(grant)]
    criteria, factors = _criterion_pairs(viewer, contexts), _factor_pairs(viewer, contexts)
    names = _names(contexts)
    lines = [_line(names[pk], criteria.get(pk, []), factors.get(pk, [])) for pk in names]
    if len(lines) > 1:
        every = ([p for rows in found.values() for p in rows] for found in (criteria, factors))
        lines.append(_line("All of them together", *every))
    return lines


def _names(contexts: Iterable[UUID]) -> dict[UUID, str]:
    rows = Context.objects.filter(pk__in=list(contexts)).order_by("name", "pk")
    return dict(rows.values_list("pk", "name"))


def _line(name: str, criteria: list[Rated], factors: list[Rated]) -> AgreementLine:
    return AgreementLine(name, _agreement(criteria), _agreement(factors))


def _agreement(pairs: list[Rated]) -> Agreement:
    enough = len(pairs) >= ENOUGH_PAIRS
    return Agreement(len(pairs), agreement(pairs) if enough else None)


def _criterion_pairs(viewer: Viewer, contexts: list[UUID]) -> dict[UUID, list[Rated]]:
    """What both raters of each blind pair said first, by context."""
    rows = assessments_visible_to(viewer).filter(
        context__in=contexts, dossier__in=dossiers_visible_to(viewer).values("pk")
    )
    twice = rows.order_by().values("dossier").annotate(n=Count("author", distinct=True))
    rows = rows.filter(dossier__in=twice.filter(n__gt=1).values("dossier"))
    context_of = dict(rows.order_by().values_list("dossier", "context"))
    found: dict[UUID, list[Rated]] = {}
    for dossier, sheets in sheets_of(rows).items():
        for pair in pairs_of(sheets):
            if pair.is_blind:
                found.setdefault(context_of[dossier], []).extend(pair.first_ratings())
    return found


def _factor_pairs(viewer: Viewer, contexts: list[UUID]) -> dict[UUID, list[Rated]]:
    """The readings of one factor by two people on the same meeting day, by context."""
    rows = interactions_visible_to(viewer).filter(
        context__in=contexts, held=True, held_on_precision="day", state=CURRENT
    )
    day = ("engagement", "held_on_first")
    twice = rows.order_by().values(*day).annotate(n=Count("created_by", distinct=True))
    days = set(twice.filter(n__gt=1).values_list(*day))
    read = Reading.objects.filter(
        interaction__in=rows.filter(engagement__in={one for one, _ in days}).order_by().values("pk")
    ).order_by("interaction__created_at", "interaction", "factor")
    told: dict[tuple[Any, ...], list[tuple[UUID, int]]] = {}
    context_of: dict[UUID, UUID] = {}
    named = ("engagement", "held_on_first", "context", "created_by")
    for engagement, on, context, author, factor, rating in read.values_list(
        *(f"interaction__{name}" for name in named), "factor", "rating"
    ):
        if (engagement, on) in days:
            told.setdefault((engagement, on, factor), []).append((author, rating))
            context_of[engagement] = context
    found: dict[UUID, list[Rated]] = {}
    for (engagement, _, _), said in told.items():
        found.setdefault(context_of[engagement], []).extend(_two_by_two(said))
    return found


def _two_by_two(said: list[tuple[UUID, int]]) -> list[Rated]:
    """Each person's first reading against each other person's."""
    first: dict[UUID, int] = {}
    for author, rating in said:
        first.setdefault(author, rating)
    ratings = list(first.values())
    return [(a, b) for n, a in enumerate(ratings) for b in ratings[n + 1 :]]
