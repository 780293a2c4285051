"""Assess a dossier: draft, submit, have it reviewed by a second person, and let it count."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from accounts.access import Viewer, may_in
from engagements.access import assessments_visible_to
from engagements.models import Dossier
from engagements.services.assessment_links import lowest_level, with_hidden_links
from engagements.services.changes import Noun, raise_faults
from engagements.services.levels import level_after_change, level_for_new
from engagements.services.meeting_rules import GRADES
from engagements.services.reconciling import reconcile_ratings
from engagements.services.staleness import hold_scores
from records.versions import require_version
from scorecards.models import Assessment
from scorecards.services import assessments as store
from scorecards.services.assessments import AssessmentContent

FINAL_STAYS = "A final assessment is never changed. Make a new one."
IN_REVIEW = "This assessment is with its reviewer. Wait until it is returned."
OWN_WORK = "Nobody reviews their own assessment. Ask another head of delegation."
ONLY_AUTHOR = "Only the author changes or submits an assessment."


def _touches(assessment: Assessment) -> Iterable[UUID]:
    """Only final assessments count."""
    return [assessment.dossier_id] if assessment.stage == store.FINAL else ()


ASSESSMENTS = Noun(Assessment, said=store.said, touches=_touches, verb="a")


@transaction.atomic
def record_assessment(
    viewer: Viewer,
    dossier: Dossier,
    content: AssessmentContent,
    *,
    level: int | None = None,
    pk: UUID | None = None,
    digest: str = "",
) -> Assessment:
    """Begin an assessment: a draft that its author alone sees. Raises ValidationError (by field),
    PermissionDenied. Its level is that of the most confidential record it rests on.
    """
    if not may_in(viewer, "c", "assessment", dossier.context_id, level=dossier.level):
        raise PermissionDenied
    raise_faults(_faults(content))
    assessment = Assessment(
        pk=pk or uuid4(),
        dossier=dossier,
        context=dossier.context,
        author=viewer.user,
        level=max(
            level_for_new(viewer, level, default=content.highest_level, within=dossier),
            _quoted(content),
        ),
        first_digest=digest,
        created_by=viewer.user,
        as_of=content.as_of,
    )
    assessment.save(force_insert=True)
    store.write(assessment, content)
    return assessment


@transaction.atomic
def change_assessment(
    viewer: Viewer,
    pk: UUID,
    content: AssessmentContent,
    *,
    version: int | None,
    level: int | None = None,
    reason: str = "",
) -> Assessment:
    """Change a draft or a returned assessment of one's own. Raises Http404, Conflict,
    ValidationError, PermissionDenied.
    """
    assessment = ASSESSMENTS.locked(viewer, pk, "u")
    _require_author(viewer, assessment)
    require_version(assessment, version)
    if assessment.stage not in store.OPEN:
        is_final = assessment.stage == store.FINAL
        raise ValidationError({"state": FINAL_STAYS if is_final else IN_REVIEW})
    raise_faults(_faults(content))
    wanted = max(level or assessment.level, _quoted(content))
    after = level_after_change(viewer, assessment, wanted, within=assessment.dossier, reason=reason)
    ASSESSMENTS.keep(viewer, assessment, reason)
    assessment.level = after
    # What is hidden stays linked, but raises nothing: the level would tell of it.
    store.write(assessment, with_hidden_links(viewer, assessment, content))
    return assessment


def submit_assessment(viewer: Viewer, pk: UUID, *, version: int | None = None) -> Assessment:
    """Hand it to a reviewer. The author's act. Where another rater of the same weeks is far
    apart, the two are asked to agree.
    """

    def submit(assessment: Assessment) -> None:
        store.submit(assessment)
        reconcile_ratings(viewer, assessment)

    return _step(viewer, pk, "u", version, submit, _require_author)


def return_assessment(
    viewer: Viewer,
    pk: UUID,
    *,
    note: str = "",
    notes: Mapping[str, str] | None = None,
    version: int | None = None,
) -> Assessment:
    """Give it back with what is missing: a note, and one for each dimension that needs it
    (`notes`). The act of a head who is not the author.
    """

    def give_back(assessment: Assessment) -> None:
        store.give_back(assessment, viewer.user, note, notes)

    return _step(viewer, pk, "a", version, give_back, _require_another)


def finalise_assessment(viewer: Viewer, pk: UUID, *, version: int | None = None) -> Assessment:
    """Let it count. The act of a head who is not the author; from then on it stays as it is."""

    def finalise(assessment: Assessment) -> None:
        store.finalise(assessment, viewer.user)
        ASSESSMENTS.mark(assessment, [assessment.dossier_id], level=lowest_level(assessment))
        reconcile_ratings(viewer, assessment)

    return _step(viewer, pk, "a", version, finalise, _require_another)


def withdraw_assessment(viewer: Viewer, pk: UUID, *, reason: str) -> Assessment:
    """Take it out of every sum. A head's act, with a reason."""
    return _turned(viewer, pk, ASSESSMENTS.withdraw, reason)


def restore_assessment(viewer: Viewer, pk: UUID, *, reason: str) -> Assessment:
    """Let a withdrawn assessment count again. A head's act, with a reason."""
    return _turned(viewer, pk, ASSESSMENTS.restore, reason)


def delete_assessment(viewer: Viewer, pk: UUID, *, reason: str) -> Assessment:
    """Ask for deletion, or confirm it."""
    return _turned(viewer, pk, ASSESSMENTS.delete, reason)


@transaction.atomic
def _turned(viewer: Viewer, pk: UUID, turn: Callable[..., Assessment], reason: str) -> Assessment:
    """A rating may count below the level of its assessment: mark from the lowest of them."""
    hold_scores(ASSESSMENTS.locked(viewer, pk, ASSESSMENTS.verb).dossier.engagement_id)
    assessment = turn(viewer, pk, reason=reason)
    if assessment.stage == store.FINAL:
        ASSESSMENTS.mark(assessment, [assessment.dossier_id], level=lowest_level(assessment))
    reconcile_ratings(viewer, assessment)
    return assessment


@transaction.atomic
def _step(
    viewer: Viewer,
    pk: UUID,
    verb: str,
    version: int | None,
    take: Callable[[Assessment], None],
    check: Callable[[Viewer, Assessment], None],
) -> Assessment:
    assessment = ASSESSMENTS.locked(viewer, pk, verb)
    check(viewer, assessment)
    require_version(assessment, version)
    # The other rater may hand in at the same moment: one of the two has to see the other's.
    hold_scores(assessment.dossier.engagement_id)
    ASSESSMENTS.keep(viewer, assessment)
    take(assessment)
    return assessment


def _require_author(viewer: Viewer, assessment: Assessment) -> None:
    if viewer.user is None or assessment.author_id != viewer.user.pk:
        raise PermissionDenied(ONLY_AUTHOR)


def _require_another(viewer: Viewer, assessment: Assessment) -> None:
    if viewer.user is None or assessment.author_id == viewer.user.pk:
        raise PermissionDenied(OWN_WORK)
    if not assessments_visible_to(viewer).filter(pk=assessment.pk).exists():
        raise PermissionDenied(ONLY_AUTHOR)


def _faults(content: AssessmentContent) -> Iterable[tuple[str, str]]:
    yield from store.faults_of(content)
    for part in content.ratings:
        if part.grade and part.grade not in GRADES:
            yield "ratings", f"{part.criterion}: a grade is a letter A-F and a figure 1-6, like B2."
    for gate in content.gates:
        if gate.grade and gate.grade not in GRADES:
            yield "gates", f"{gate.gate}: a grade is a letter A-F and a figure 1-6, like B2."


def _quoted(content: AssessmentContent) -> int:
    """The highest level among the records that it links."""
    return max((one.level for one in content.evidence), default=1)
