"""The shape of scorecards and success factors, and of what they rest on, for the schema."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import (
    OpenApiExample,
    OpenApiParameter,
    extend_schema,
    extend_schema_serializer,
)
from rest_framework import serializers

from engagements.filters.nouns import SCORE_FILTERS
from engagements.serializers.stages import Stage
from engagements.serializers.violations import VIOLATIONS_EXAMPLE, Violations
from records.rest.schema import PROBLEM

HEAD = (
    "dossier", "as_of", "computed_at", "state", "clearance", "method", "engine", "inputs_digest",
)  # fmt: skip
SCORECARD_FIELDS = (
    *HEAD, "dimensions", "programme", "training_blocks", "index", "index_low", "index_high",
    "arithmetic_mean", "minimum", "balance_penalty", "stage", "commitment", "violations",
    "changed_by", "validity",
)  # fmt: skip
SUCCESS_FIELDS = (
    *HEAD, "score", "sd", "low", "high", "direction", "uncapped", "blocked", "blockers", "bundles",
    "factors", "hypotheses", "tension", "facts",
)  # fmt: skip


class Named(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    name = serializers.CharField()


class ScoredDossier(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    ngo = Named()
    armed_group = Named()
    norm = serializers.CharField(help_text="GEN or N01 to N20.")


class MethodUsed(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    version = serializers.CharField()


class ScoreHead(serializers.Serializer[Any]):
    dossier = ScoredDossier()
    as_of = serializers.DateField(allow_null=True)
    computed_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(["current", "pending", "failed"])
    clearance = serializers.IntegerField(help_text="What lies above it moves nothing here.")
    method = MethodUsed(allow_null=True)
    engine = serializers.CharField(allow_null=True)
    inputs_digest = serializers.CharField(allow_null=True)


class Block(serializers.Serializer[Any]):
    value = serializers.FloatField(allow_null=True, help_text="0 to 1; null below coverage .40.")
    coverage = serializers.FloatField()
    low = serializers.FloatField()
    high = serializers.FloatField()
    standing = serializers.ChoiceField(["supported", "indicative", "not_enough"])


class Dimension(Block):
    capped = serializers.FloatField(allow_null=True)
    bound_by = serializers.CharField(allow_null=True, help_text="The neighbour whose limit binds.")


class Dimensions(serializers.Serializer[Any]):
    doctrine = Dimension()
    training = Dimension()
    equipment = Dimension()
    sanctions = Dimension()


class TrainingBlocks(serializers.Serializer[Any]):
    education = Block()
    training = Block()


class Badge(serializers.Serializer[Any]):
    badge = serializers.ChoiceField(["none", "oral", "signed", "in_force"])
    verification = serializers.CharField(allow_null=True)


HEAD_EXAMPLE: dict[str, Any] = {
    "dossier": {
        "id": "6f1d0f52-34c1-4c3a-8b0e-1c7f2e0b9a11",
        "ngo": {"id": "0b6a2f6e-8d13-4d9e-9f25-5d5b8a1f0c22", "name": "Lantern Dialogue"},
        "armed_group": {"id": "c1e9d4aa-2b57-45a7-8a10-9e6c3f7d4b33", "name": "River Front"},
        "norm": "GEN",
    },
    "as_of": "2026-11-22",
    "computed_at": "2026-11-22T09:30:00Z",
    "state": "current",
    "clearance": 3,
    "method": {"id": "5b1f7a90-6c2e-4f3d-8e4b-7a9d0c1e2f44", "version": "1.0.0"},
    "engine": "1.0.0",
    "inputs_digest": "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
_DIMENSION_EXAMPLE = {
    "value": 0.732,
    "capped": 0.6345,
    "coverage": 0.6467,
    "low": 0.4733,
    "high": 0.8267,
    "standing": "supported",
    "bound_by": "doctrine",
}
_SCORECARD_EXAMPLE = HEAD_EXAMPLE | {
    "dimensions": dict.fromkeys(
        ("doctrine", "training", "equipment", "sanctions"), _DIMENSION_EXAMPLE
    ),
    "index": 39.4334,
    "index_low": 24.787,
    "index_high": 69.9028,
    "arithmetic_mean": 48.7548,
    "minimum": 15.2439,
    "balance_penalty": 9.3214,
    "stage": {
        "level": 3,
        "name": "accepted",
        "since": "2026-03-04",
        "missing_for_next": ["Doctrine at 0.50 or more; stands at 0.28"],
    },
    "commitment": {"badge": "signed", "verification": "V1"},
    "violations": VIOLATIONS_EXAMPLE,
    "changed_by": {},
    "validity": "full",
}


@extend_schema_serializer(
    examples=[OpenApiExample("A scorecard", value=_SCORECARD_EXAMPLE, response_only=True)]
)
class Scorecard(ScoreHead):
    """How far the rule is built in. `index` is null unless all four coverages are at least .40."""

    dimensions = Dimensions()
    programme = Block(allow_null=True)
    training_blocks = TrainingBlocks()
    index = serializers.FloatField(allow_null=True)
    index_low = serializers.FloatField(allow_null=True)
    index_high = serializers.FloatField(allow_null=True)
    arithmetic_mean = serializers.FloatField(allow_null=True)
    minimum = serializers.FloatField(allow_null=True)
    balance_penalty = serializers.FloatField(allow_null=True)
    stage = Stage()
    commitment = Badge()
    violations = Violations()
    changed_by = serializers.DictField()
    validity = serializers.ChoiceField(
        ["full", "partial", "weak", "unknown"],
        help_text="How far the card fits a group of this structure.",
    )


class StandingBlocker(serializers.Serializer[Any]):
    reason = serializers.CharField()
    since = serializers.CharField(allow_null=True)
    by_hand = serializers.BooleanField()
    source = serializers.DictField()  # type: ignore[assignment]


class Bundle(serializers.Serializer[Any]):
    weight = serializers.FloatField()
    contribution = serializers.FloatField(help_text="Points that its factors add to 50.")


class Bundles(serializers.Serializer[Any]):
    environment = Bundle()
    ngo = Bundle()
    armed_group = Bundle()
    interaction = Bundle()


class FactorPart(serializers.Serializer[Any]):
    factor = serializers.CharField()
    bundle = serializers.CharField()
    hypotheses = serializers.ListField(child=serializers.CharField())
    kind = serializers.ChoiceField(["computed", "judged"])
    weight = serializers.FloatField()
    mean = serializers.FloatField()
    sd = serializers.FloatField()
    contribution = serializers.FloatField()
    evidence_count = serializers.IntegerField()
    newest_age = serializers.FloatField(allow_null=True, help_text="In months.")


class Tension(serializers.Serializer[Any]):
    newness = serializers.FloatField()
    structure = serializers.FloatField()


SUCCESS_EXAMPLE = HEAD_EXAMPLE | {
    "score": 58.3144,
    "sd": 16.5267,
    "low": 31.128,
    "high": 85.5007,
    "direction": None,
    "uncapped": 58.3144,
    "blocked": 0.0,
    "blockers": [],
    "bundles": {
        name: {"weight": 0.25, "contribution": 2.1}
        for name in ("environment", "ngo", "armed_group", "interaction")
    },
    "factors": [
        {
            "factor": "GR4",
            "bundle": "armed_group",
            "hypotheses": [],
            "kind": "judged",
            "weight": 0.35,
            "mean": 0.6136,
            "sd": 0.2254,
            "contribution": 3.9751,
            "evidence_count": 3,
            "newest_age": 0.0,
        }
    ],
    "hypotheses": {f"H{number}": 0.5 for number in range(1, 7)},
    "tension": {"newness": 0.7, "structure": 0.4},
    "facts": 3,
}


@extend_schema_serializer(
    examples=[OpenApiExample("Success factors", value=SUCCESS_EXAMPLE, response_only=True)]
)
class SuccessFactors(ScoreHead):
    """How good conditions are: 50 + all contributions + `blocked` = `score`."""

    score = serializers.FloatField(allow_null=True)
    sd = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)
    direction = serializers.ChoiceField(["favourable", "unfavourable"], allow_null=True)
    uncapped = serializers.FloatField(allow_null=True)
    blocked = serializers.FloatField(allow_null=True)
    blockers = StandingBlocker(many=True)
    bundles = Bundles()
    factors = FactorPart(many=True)
    hypotheses = serializers.DictField(child=serializers.FloatField())
    tension = Tension(allow_null=True)
    facts = serializers.IntegerField()


class Source(serializers.Serializer[Any]):
    kind = serializers.CharField()
    id = serializers.UUIDField()
    href = serializers.CharField()


class _Row(serializers.Serializer[Any]):
    """For a reader of pseudonymised records, level 3 and up comes `grouped`, one row for each."""

    source = Source(allow_null=True, required=False)  # type: ignore[assignment]
    grade = serializers.CharField(allow_null=True, required=False)
    observed_on = serializers.CharField(allow_null=True, required=False)
    age_months = serializers.FloatField(allow_null=True, required=False)
    reliability = serializers.FloatField(allow_null=True, required=False)
    half_life = serializers.FloatField(allow_null=True, required=False)
    grouped = serializers.BooleanField(required=False)
    evidence_count = serializers.IntegerField(required=False)
    weight_sum = serializers.FloatField(required=False)
    mean = serializers.FloatField(allow_null=True, required=False)


class CriterionEvidence(_Row):
    """R = sum(weight q rating/4) / sum(weight q), coverage = sum(weight q) / sum(weight)."""

    criterion = serializers.CharField()
    dimension = serializers.CharField()
    rating = serializers.JSONField(required=False, help_text='0 to 4, "na", or null.')
    q = serializers.FloatField(required=False)
    weight = serializers.FloatField()
    state = serializers.ChoiceField(["counted", "not_assessed", "not_applicable", "withdrawn"])


class FactorEvidence(_Row):
    """mean = (1 + sum(w u)) / (2 + sum(w)) over the rows of a factor."""

    factor = serializers.CharField()
    kind = serializers.ChoiceField(["computed", "judged"])
    u = serializers.FloatField(required=False)
    w = serializers.FloatField(required=False)
    basis = serializers.DictField(required=False)
    records = Source(many=True, required=False)


class _EvidenceHead(serializers.Serializer[Any]):
    dossier = ScoredDossier()
    as_of = serializers.DateField()
    state = serializers.ChoiceField(["current", "pending", "failed"])
    clearance = serializers.IntegerField()
    method = MethodUsed()
    engine = serializers.CharField()
    inputs_digest = serializers.CharField()
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)


class ScorecardEvidence(_EvidenceHead):
    results = CriterionEvidence(many=True)


class SuccessFactorsEvidence(_EvidenceHead):
    results = FactorEvidence(many=True)


EVIDENCE = {"scorecards": ScorecardEvidence, "success-factors": SuccessFactorsEvidence}

# --- How each address describes itself ------------------------------------------------------------

WORDS = {
    "clearance": "The clearance to read at, 1 to 4: one's own if not said, never above it.",
    "as_of": "A day: what is known today, dated up to that day and aged to it.",
    "entered_by": "With as_of: only what was entered by this moment, as it stands now.",
    "fields": "Only these fields, with commas.",
    "omit": "All but these fields, with commas.",
    "brief": "true for the short form.",
    "limit": "How many rows.",
    "cursor": "The place to go on from, taken from `next` or `previous`.",
    "count": "true adds the exact number of all rows as `count`.",
    "updated_since": "Published since this time, oldest first.",
    "ordering": "opened_on or updated_at; a minus in front turns it.",
    "criterion": "Only these criteria, with commas.",
    "dimension": "Only these dimensions, with commas.",
    "state": "Only rows in these states, with commas.",
    "factor": "Only these factors, with commas.",
    "kind": "computed or judged.",
}
Describe = Callable[[Any], Any]


def list_schema(resource: Any) -> Describe:
    names = ("clearance", "limit", "cursor", "count", "updated_since", "ordering")
    told = {name: one.hint for name, one in SCORE_FILTERS.items()}
    return _described(
        resource, "list", "The latest of each dossier", _page(resource.serializer), names, told
    )


def score_schema(resource: Any) -> Describe:
    names = ("clearance", "as_of", "fields", "omit", "brief")
    return _described(resource, "read", "Of one dossier", resource.serializer, names)


def history_schema(resource: Any) -> Describe:
    names = ("clearance", "limit", "cursor", "count")
    words = "What was published, newest first"
    return _described(resource, "history", words, _page(_published(resource.serializer)), names)


def evidence_schema(resource: Any) -> Describe:
    is_card = resource.name == "scorecards"
    narrowing = ("criterion", "dimension", "state") if is_card else ("factor", "kind")
    names = ("clearance", "as_of", "entered_by", "limit", "cursor", *narrowing)
    words = "The rows that the score rests on, unrounded; `limit` to 1,000"
    return _described(resource, "evidence", words, EVIDENCE[resource.name], names)


def _described(
    resource: Any,
    act: str,
    summary: str,
    answer: Any,
    names: tuple[str, ...],
    more: dict[str, str] | None = None,
) -> Describe:
    """Gives a door's `get` its entry in the schema."""
    words = {name: WORDS[name] for name in names} | (more or {})

    def of(door: Any) -> Any:
        def get(self: Any, request: Any, **kwargs: Any) -> Any:
            return door.get(self, request, **kwargs)

        return extend_schema(
            tags=[resource.title],
            operation_id=f"{act}_{resource.name}".replace("-", "_"),
            summary=summary,
            description="",
            parameters=[
                OpenApiParameter(name, str, description=text) for name, text in words.items()
            ],
            responses={200: answer, "default": PROBLEM},
        )(get)

    return of


def _page(row: type) -> Any:
    fields: dict[str, Any] = {
        "results": row(many=True),
        "next": serializers.CharField(allow_null=True),
        "previous": serializers.CharField(allow_null=True),
        "count": serializers.IntegerField(required=False),
    }
    return type(f"{row.__name__}Page", (serializers.Serializer,), fields)


def _published(row: type) -> Any:
    fields = {"published_at": serializers.DateTimeField()}
    return type(f"Published{row.__name__}", (row,), fields)
