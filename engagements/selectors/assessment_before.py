"""What was rated before an assessment, and what the assessment changes: in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from accounts.access import Viewer
from engagements.selectors.assessed import rating_facts
from engagements.selectors.places import is_coarse, month_of
from records.models.records import CURRENT
from scorecards.models import Assessment
from scorecards.scoring.agreement import near
from scorecards.scoring.evidence import standing_ratings
from scorecards.scoring.facts import RatingFact
from scorecards.services.assessments import FINAL
from scorecards.services.weights import active_weight_set, method_of

RAISED, LOWERED, NEW, SAME, OTHER = "raised", "lowered", "new", "same", "other"
# In the order in which the overview tells them.
_COUNTED = {
    RAISED: "raised",
    LOWERED: "lowered",
    NEW: "new",
    OTHER: "changed between a rating and “does not apply”",
    SAME: "as before",
}

Previous = Mapping[str, RatingFact]
Rating = int | str | None


def previous_ratings(viewer: Viewer, assessment: Assessment) -> Previous:
    """Criterion -> the rating that stood when this assessment was made, within the viewer's
    clearance. Of another rater's in the same weeks nothing is told: the two rate apart.
    """
    clearance = viewer.clearance(assessment.context_id)
    left_out = {str(assessment.pk), *_rated_meanwhile(assessment)}
    facts = [
        fact
        for fact in rating_facts(assessment.dossier)
        if fact.level <= clearance
        and fact.source.id not in left_out
        and _came_before(fact, assessment)
    ]
    method = method_of(active_weight_set())
    standing = standing_ratings(facts, assessment.as_of, method)
    return {code: one.in_force for code, one in standing.items() if one.in_force}


def _came_before(fact: RatingFact, assessment: Assessment) -> bool:
    if assessment.finalised_at is None:
        return True
    own = (assessment.as_of, assessment.finalised_at.isoformat())
    return (fact.as_of, fact.finalised) < own


def _rated_meanwhile(assessment: Assessment) -> set[str]:
    """Other raters' assessments of the same weeks that became final after this one was begun."""
    rows = Assessment.objects.filter(
        dossier=assessment.dossier_id,
        stage=FINAL,
        state=CURRENT,
        finalised_at__gt=assessment.created_at,
    ).exclude(author=assessment.author_id)
    return {
        str(pk) for pk, as_of in rows.values_list("pk", "as_of") if near(as_of, assessment.as_of)
    }


def previous_words(viewer: Viewer, assessment: Assessment, previous: Previous) -> dict[str, str]:
    """Criterion -> "Rated 2 on 2026-01-10."; the month alone for a reader of months."""
    coarse = is_coarse(viewer, assessment)
    return {code: _rated(fact, coarse=coarse) for code, fact in previous.items()}


def _rated(fact: RatingFact, *, coarse: bool) -> str:
    when = month_of(fact.as_of) if coarse else fact.as_of.isoformat()
    if fact.rating == "na":
        return f"Did not apply on {when}."
    return f"Rated {fact.rating} on {when}."


def change_of(rating: Rating, before: RatingFact | None) -> str:
    """raised, lowered, new, same or other (from or to "does not apply"); "" for not assessed."""
    if rating is None:
        return ""
    if before is None:
        return NEW
    if isinstance(rating, int) and isinstance(before.rating, int):
        if rating == before.rating:
            return SAME
        return RAISED if rating > before.rating else LOWERED
    return SAME if rating == before.rating else OTHER


def change_words(rating: Rating, before: RatingFact | None) -> str:
    """ "raised from 2", "as before", "not rated before" """
    change = change_of(rating, before)
    if before is None or change in ("", NEW):
        return "not rated before" if change else ""
    if change == SAME:
        return "as before"
    if change == OTHER:
        return "did not apply before" if before.rating == "na" else f"rated {before.rating} before"
    return f"{change} from {before.rating}"


def counted_words(changes: Iterable[str]) -> str:
    """ "3 raised, 1 lowered, 20 as before"; empty where nothing is rated."""
    counts = Counter(changes)
    return ", ".join(f"{counts[code]} {words}" for code, words in _COUNTED.items() if counts[code])
