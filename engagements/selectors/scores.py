"""A dossier's scores in the shape of the REST contract: for the API and for the dossier's page.

What is published is read from the standing of one clearance; nothing is computed unless a date
is asked for. Rights: the viewer reads scores in the dossier's context, up to their own clearance.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from accounts.access import Viewer, coarse_contexts, grants_for, may_in, within
from engagements.models import Dossier
from engagements.selectors.facts import dossier_facts
from engagements.selectors.score_evidence import evidence_rows
from engagements.selectors.validity import card_validity
from records.jobs import failed_jobs
from records.models.records import DELETED
from scorecards.models import Publication, ScoreSnapshot, Standing, WeightSet
from scorecards.models.snapshots import SCORECARD, SUCCESS_FACTORS
from scorecards.results import conduciveness_result, scorecard_result
from scorecards.scoring.conduciveness import conduciveness
from scorecards.scoring.digests import inputs_digest
from scorecards.scoring.facts import DossierFacts
from scorecards.scoring.integration import integration
from scorecards.scoring.method import ENGINE, Method
from scorecards.services.weights import active_weight_set, method_of
from scorecards.stages import UNPLACED
from scorecards.violations import BY_MONTH, NO_PANEL

CURRENT, PENDING, FAILED = "current", "pending", "failed"
SCORE_TOPIC = "score"
EARLIEST = date(1900, 1, 1)  # before every record; windows of months reach further back
TOO_HIGH = "Your clearance here is {0}. Ask for {0} or lower."

# A dossier that has never been scored: every name is there, and no value.
_NOTHING_YET: Mapping[str, Mapping[str, Any]] = {
    SCORECARD: {
        "dimensions": {},
        "programme": None,
        "training_blocks": {},
        "index": None,
        "index_low": None,
        "index_high": None,
        "arithmetic_mean": None,
        "minimum": None,
        "balance_penalty": None,
        "stage": UNPLACED,
        "commitment": {"badge": "none", "verification": None},
        "violations": NO_PANEL,
        "changed_by": {},
    },
    SUCCESS_FACTORS: {
        "score": None,
        "sd": None,
        "low": None,
        "high": None,
        "direction": None,
        "uncapped": None,
        "blocked": None,
        "blockers": [],
        "bundles": {},
        "factors": [],
        "hypotheses": {},
        "tension": None,
        "facts": 0,
    },
}


def scorecard_json(
    viewer: Viewer, dossier: Dossier, clearance: int | None = None, *, as_of: date | None = None
) -> dict[str, Any]:
    """The scorecard as published at a clearance (default: the viewer's own).

    With `as_of`: what is known today, dated up to and aged to that day, computed now.
    Raises Http404 without the right to scores, ValidationError by field for a clearance above
    one's own or a date to come. Expects the engagement with its NGO and armed group at hand.
    """
    return _score(reading_of(viewer, dossier, clearance, as_of), SCORECARD)


def success_factors_json(
    viewer: Viewer, dossier: Dossier, clearance: int | None = None, *, as_of: date | None = None
) -> dict[str, Any]:
    """The success-factor score, as `scorecard_json`."""
    return _score(reading_of(viewer, dossier, clearance, as_of), SUCCESS_FACTORS)


def evidence_json(
    viewer: Viewer,
    dossier: Dossier,
    kind: str,
    clearance: int | None = None,
    *,
    as_of: date | None = None,
    entered_by: datetime | None = None,
) -> dict[str, Any]:
    """The rows behind a score (`kind`: scorecard or success_factors), unrounded, in `results`.

    Worked out from today's facts on the score's own date; while the published score does not
    rest on these facts yet (another digest), `state` is pending. With `as_of` also from those
    alone that were entered by a moment: what the parts of a move are worked out from.
    """
    read = reading_of(viewer, dossier, clearance, as_of)
    if entered_by is not None:
        _check_entered_by(read, kind, entered_by)
    return _evidence(replace(read, entered_by=entered_by), kind)


def both_json(viewer: Viewer, dossier: Dossier) -> tuple[dict[str, Any], dict[str, Any]]:
    """Scorecard and success factors as published at the viewer's own clearance, read once."""
    read = reading_of(viewer, dossier, None, None)
    return _score(read, SCORECARD), _score(read, SUCCESS_FACTORS)


def both_on(viewer: Viewer, dossier: Dossier, as_of: date) -> tuple[dict[str, Any], dict[str, Any]]:
    """The same on a day, worked out now; raises as `scorecard_json` does."""
    read = reading_of(viewer, dossier, None, as_of)
    return _score(read, SCORECARD), _score(read, SUCCESS_FACTORS)


def everything_json(
    viewer: Viewer, dossier: Dossier, clearance: int | None = None, *, as_of: date | None = None
) -> dict[str, Any]:
    """Both scores with their evidence, from one reading of the facts."""
    read = reading_of(viewer, dossier, clearance, as_of)
    return {
        kind: _score(read, kind) | {"evidence": _evidence(read, kind)}
        for kind in (SCORECARD, SUCCESS_FACTORS)
    }


def history_json(
    viewer: Viewer, dossier: Dossier, kind: str, publication: Publication
) -> dict[str, Any]:
    """One score as it was published, same shape, with the moment of publication."""
    snapshot, clearance = publication.snapshot, publication.clearance
    shape = _shape(viewer, dossier, kind, snapshot, clearance, CURRENT)
    return shape | {"published_at": moment(publication.published_at)}


def history_of(dossier: Dossier, kind: str, clearance: int) -> QuerySet[Publication]:
    """What was published at a clearance, newest first."""
    rows = Publication.objects.filter(dossier=dossier, kind=kind, clearance=clearance)
    return rows.select_related("snapshot__weight_set").order_by("-published_at", "-pk")


def standings_visible_to(viewer: Viewer) -> QuerySet[Standing]:
    """One standing for each dossier the viewer may see scored: the one of their own clearance."""
    own = Q(pk__in=[])
    for grant in grants_for(viewer, "r", "score"):
        own |= Q(dossier__context=grant.context_id, clearance=grant.clearance)
    rows = Standing.objects.filter(
        own,
        within(viewer, "score", context="dossier__context", level="dossier__level"),
        within(viewer, "dossier", context="dossier__context", level="dossier__level"),
    ).exclude(dossier__state=DELETED)
    return rows.select_related(
        "dossier__engagement__ngo",
        "dossier__engagement__armed_group",
        "scorecard__weight_set",
        "success_factors__weight_set",
    )


def standing_json(
    viewer: Viewer, standing: Standing, kind: str, failed: Mapping[str, str]
) -> dict[str, Any]:
    """A row of `standings_visible_to` as the API shows it; `failed` from `failed_of`."""
    snapshot = _snapshot(standing, kind)
    state = state_of(standing, failed)
    return _shape(viewer, standing.dossier, kind, snapshot, standing.clearance, state)


def standing_of(dossier: Dossier, clearance: int) -> Standing:
    """The dossier's standing at a clearance, its snapshots at hand."""
    return Standing.objects.select_related(
        "scorecard__weight_set", "success_factors__weight_set"
    ).get(dossier=dossier, clearance=clearance)


def state_of(standing: Standing, failed: Mapping[str, str]) -> str:
    """current, pending (a recompute is due) or failed (it was given up)."""
    if not standing.is_behind:
        return CURRENT
    return FAILED if str(standing.dossier_id) in failed else PENDING


def state_now(viewer: Viewer, dossier: Dossier) -> str:
    """The state at the viewer's clearance alone, for a page that asks every second."""
    rows = Standing.objects.filter(dossier=dossier, clearance=clearance_for(viewer, dossier))
    return state_of(rows[0], failed_of([dossier]))


def failed_of(dossiers: Iterable[Dossier]) -> dict[str, str]:
    """The dossiers, by id, whose newest recompute was given up, with its error."""
    return failed_jobs(SCORE_TOPIC, [str(dossier.pk) for dossier in dossiers])


def clearance_for(viewer: Viewer, dossier: Dossier, wanted: int | None = None) -> int:
    """The clearance at which the viewer sees this dossier's scores, or the lower one asked for."""
    own = viewer.clearance(dossier.context_id)
    if not may_in(viewer, "r", "score", dossier.context_id, level=dossier.level):
        raise Http404
    if wanted is None:
        return own
    if not 1 <= wanted <= own:
        raise ValidationError({"clearance": TOO_HIGH.format(own)})
    return wanted


def dossier_json(dossier: Dossier) -> dict[str, Any]:
    ngo, group = dossier.engagement.ngo, dossier.engagement.armed_group
    return {
        "id": str(dossier.pk),
        "ngo": {"id": str(ngo.pk), "name": ngo.name},
        "armed_group": {"id": str(group.pk), "name": group.name},
        "norm": dossier.norm,
    }


@dataclass(frozen=True)
class Reading:
    """One dossier at one clearance for one viewer; facts are gathered when they are needed."""

    viewer: Viewer
    dossier: Dossier
    clearance: int
    as_of: date | None
    entered_by: datetime | None = None

    @cached_property
    def standing(self) -> Standing:
        return standing_of(self.dossier, self.clearance)

    @cached_property
    def state(self) -> str:
        return state_of(self.standing, failed_of([self.dossier]) if self.standing.is_behind else {})

    @cached_property
    def facts(self) -> DossierFacts:
        return dossier_facts(self.dossier, self.entered_by).at_clearance(self.clearance)

    @cached_property
    def weight_set(self) -> WeightSet:
        return active_weight_set()

    @property
    def method(self) -> Method:
        return method_of(self.weight_set)

    @property
    def is_coarse(self) -> bool:
        """Whether the viewer reads meetings of this context by the month."""
        return self.dossier.context_id in coarse_contexts(self.viewer, "interaction")


def reading_of(
    viewer: Viewer, dossier: Dossier, clearance: int | None, as_of: date | None
) -> Reading:
    """What every answer starts with: raises as `scorecard_json` does."""
    if as_of is not None and as_of > timezone.localdate():
        raise ValidationError({"as_of": "The date lies in the future. Choose today or earlier."})
    if as_of is not None and as_of < EARLIEST:
        raise ValidationError({"as_of": "The date lies before 1900. Check the year."})
    if as_of is not None and dossier.context_id in coarse_contexts(viewer, "interaction"):
        _require_end_of_month(as_of)
    return Reading(viewer, dossier, clearance_for(viewer, dossier, clearance), as_of)


def _score(read: Reading, kind: str) -> dict[str, Any]:
    if read.as_of is not None:
        return _computed(read, kind, read.as_of)
    snapshot = _snapshot(read.standing, kind)
    return _shape(read.viewer, read.dossier, kind, snapshot, read.clearance, read.state)


def _computed(read: Reading, kind: str, as_of: date) -> dict[str, Any]:
    """The score on a day, from what is known now: stored nowhere."""
    facts, method = read.facts, read.method
    if kind == SCORECARD:
        result, _ = scorecard_result(integration(facts, as_of, method), facts, as_of, method)
    else:
        result, _ = conduciveness_result(conduciveness(facts, as_of, method))
    return unstored_json(read, kind, result, as_of)


def unstored_json(read: Reading, kind: str, result: dict[str, Any], as_of: date) -> dict[str, Any]:
    """A result worked out from these facts just now, as its reader may see it."""
    made = _unstored(read, kind, as_of, result)
    return _shape(read.viewer, read.dossier, kind, made, read.clearance, CURRENT)


def unstored_head(read: Reading, kind: str, as_of: date) -> dict[str, Any]:
    """What stands above a result that has a shape of its own. It has no moment: the same
    question is answered by the same bytes.
    """
    made = _unstored(read, kind, as_of, {})
    return _head(read.dossier, made, read.clearance, CURRENT) | {"computed_at": None}


def _unstored(read: Reading, kind: str, as_of: date, result: dict[str, Any]) -> ScoreSnapshot:
    return ScoreSnapshot(
        kind=kind,
        dossier=read.dossier,
        as_of=as_of,
        weight_set=read.weight_set,
        engine=ENGINE,
        inputs_digest=_digest(read.facts, kind),
        result=result,
    )


def _evidence(read: Reading, kind: str) -> dict[str, Any]:
    snapshot = None if read.as_of else _snapshot(read.standing, kind)
    day = read.as_of or (snapshot.as_of if snapshot else timezone.localdate())
    weight_set = snapshot.weight_set if snapshot else read.weight_set
    digest, state = _digest(read.facts, kind), CURRENT if read.as_of else read.state
    published = snapshot is not None and snapshot.inputs_digest == digest
    if read.as_of is None and state == CURRENT and not published:
        state = PENDING
    method = method_of(weight_set)
    return {
        "dossier": dossier_json(read.dossier),
        "as_of": day.isoformat(),
        "state": state,
        "clearance": read.clearance,
        "method": method_json(weight_set),
        "engine": ENGINE,
        "inputs_digest": digest,
        "results": evidence_rows(read.viewer, read.dossier, read.facts, kind, day, method),
    }


def _digest(facts: DossierFacts, kind: str) -> str:
    digests = inputs_digest(facts)
    return digests.integration if kind == SCORECARD else digests.conduciveness


def _snapshot(standing: Standing, kind: str) -> ScoreSnapshot | None:
    return standing.scorecard if kind == SCORECARD else standing.success_factors


def _shape(
    viewer: Viewer,
    dossier: Dossier,
    kind: str,
    snapshot: ScoreSnapshot | None,
    clearance: int,
    state: str,
) -> dict[str, Any]:
    result = dict(snapshot.result if snapshot else _NOTHING_YET[kind])
    if kind == SCORECARD:
        result["validity"] = card_validity(dossier.engagement.armed_group.structure)[0]
        result["violations"] = _violations(viewer, dossier, result)
    if kind == SUCCESS_FACTORS and dossier.context_id in coarse_contexts(viewer, "interaction"):
        result["blockers"] = [_by_month(blocker) for blocker in result["blockers"]]
        result["factors"] = [_of_whole_months(factor) for factor in result["factors"]]
    if kind == SCORECARD and dossier.context_id in coarse_contexts(viewer, "interaction"):
        result["stage"] = _stage_by_month(result["stage"])
    return _head(dossier, snapshot, clearance, state) | result


def _head(
    dossier: Dossier, snapshot: ScoreSnapshot | None, clearance: int, state: str
) -> dict[str, Any]:
    return {
        "dossier": dossier_json(dossier),
        "as_of": snapshot and snapshot.as_of.isoformat(),
        "computed_at": snapshot and moment(snapshot.computed_at),
        "state": state,
        "clearance": clearance,
        "method": snapshot and method_json(snapshot.weight_set),
        "engine": snapshot and snapshot.engine,
        "inputs_digest": snapshot and snapshot.inputs_digest,
    }


def _violations(viewer: Viewer, dossier: Dossier, result: dict[str, Any]) -> Mapping[str, Any]:
    """The panel by the day, or by the month for a reader who is shown no days."""
    by_month = result.pop(BY_MONTH, NO_PANEL)
    coarse = dossier.context_id in coarse_contexts(viewer, "incident")
    # A snapshot from before there were rates has counts alone.
    return {**NO_PANEL, **(by_month if coarse else result["violations"])}


def _require_end_of_month(as_of: date) -> None:
    """Going from day to day, a reader of months would find the day on which a fact comes in."""
    if as_of != timezone.localdate() and not is_end_of_month(as_of):
        raise ValidationError({"as_of": "You read by the month: choose the last day of one."})


def _check_entered_by(read: Reading, kind: str, moment: datetime) -> None:
    """A reader of months learns of entries what the history of publications tells them anyway."""
    if read.as_of is None:
        raise ValidationError({"entered_by": "Say as_of too: the day to which the facts age."})
    history = history_of(read.dossier, kind, read.clearance)
    if not read.is_coarse or history.filter(published_at=moment).exists():
        return
    day = moment.date()
    whole = moment == end_of(day) and (day == timezone.localdate() or is_end_of_month(day))
    if not whole:
        raise ValidationError({"entered_by": "Choose a publication's moment, or a month's end."})


def end_of(day: date) -> datetime:
    """The last moment of a day, in the register's time zone."""
    return timezone.make_aware(datetime.combine(day, time.max))


def is_end_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _by_month(blocker: dict[str, Any]) -> dict[str, Any]:
    """A pseudonymised reader learns the month, not the day, of the meeting behind a blocker."""
    return blocker | {"since": blocker["since"] and blocker["since"][:7]}


def _stage_by_month(stage: Mapping[str, Any]) -> dict[str, Any]:
    """A reader of months learns the month of a move, not its day."""
    since, proposed = stage["since"], stage.get("proposed")
    by_month = proposed and {**proposed, "since": proposed["since"][:7]}
    return {**stage, "since": since and since[:7], "proposed": by_month}


def _of_whole_months(factor: dict[str, Any]) -> dict[str, Any]:
    age = factor["newest_age"]
    return factor | {"newest_age": age and float(int(age))}


def method_json(weight_set: WeightSet) -> dict[str, str]:
    return {"id": str(weight_set.pk), "version": weight_set.version}


def moment(when: Any) -> str:
    return str(when.isoformat().replace("+00:00", "Z"))
