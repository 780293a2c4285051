"""Weight sets as people and programs read them. Everybody signed in reads the method; a set that
was never in force is a proposal among those who may decide on it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import F, Max, Q, QuerySet
from django.http import Http404

from accounts.access import Viewer, grants_for
from records.codes import Code, load
from scorecards.models import WeightSet
from scorecards.scoring.method import Method
from scorecards.services.weights import active_weight_set, method_of

KIND = "method"
CRITERIA = load("scorecards", "criteria.toml")["criteria"]
_FACTOR_LISTS = load("scorecards", "factors.toml")
FACTORS = _FACTOR_LISTS["factors"]
_LISTS = (load("scorecards")["dimensions"], _FACTOR_LISTS["bundles"], FACTORS, CRITERIA)
_PARTS = {"conduciveness": "Success factors", "integration": "Integration scorecard"}
_PARAMETERS = {
    "half_life": "half-life in months",
    "kappa": "prior strength κ",
    "rho": "correlation ρ",
    "slack": "slack λ",
}


def sets_visible_to(viewer: Viewer) -> QuerySet[WeightSet]:
    """The newest in force first, then what was never in force, newest first."""
    active_weight_set()  # the shipped default is stored at first need
    rows = WeightSet.objects.annotate(in_force_from=Max("activations__activated_at"))
    if viewer.user is None:
        return rows.none()
    if not grants_for(viewer, "u", KIND):
        rows = rows.filter(~Q(state=WeightSet.State.DRAFT), in_force_from__isnull=False)
    newest = F("in_force_from").desc(nulls_last=True)
    return rows.select_related("author", "based_on").order_by("state", newest, "-created_at")


def set_for(viewer: Viewer, pk: Any) -> WeightSet:
    """The set, or "not found"."""
    row = sets_visible_to(viewer).filter(pk=pk).first()
    if row is None:
        raise Http404
    return row


def active_set() -> WeightSet:
    """The set in force, with its parameters and author at hand."""
    return WeightSet.objects.select_related("author").get(pk=active_weight_set().pk)


def set_json(row: Any) -> dict[str, Any]:
    """A row of `sets_visible_to` as the API lists it."""
    return {
        "id": str(row.pk),
        "version": row.version,
        "state": row.state,
        "shipped": row.shipped,
        "based_on": row.based_on_id and str(row.based_on_id),
        "author": row.author and {"id": str(row.author.pk), "name": row.author.name},
        "reason": row.rationale,
        "checksum": f"sha256:{row.checksum}",
        "created_at": _moment(row.created_at),
        "activated_at": row.in_force_from and _moment(row.in_force_from),
    }


def method_json(row: Any) -> dict[str, Any]:
    """The same with every parameter, and with the instrument in words."""
    method = method_of(row)
    return set_json(row) | {
        "parameters": method.to_dict(),
        "criteria": [_criterion(method, code) for code in method.integration.criterion],
        "factors": [_factor(method, code) for code in method.conduciveness.factor],
    }


def _criterion(method: Method, code: str) -> dict[str, Any]:
    rule, entry = method.integration.criterion[code], CRITERIA[code]
    return {
        "criterion": code,
        "labels": dict(entry.labels),
        "title": entry.extra["title"],
        "question": entry.extra["question"],
        "dimension": rule.dimension,
        "block": rule.block,
        "anchors": list(entry.extra["anchors"]),
        "weight": rule.weight,
        "half_life": method.integration.dimension[rule.dimension].half_life,
        "na_allowed": rule.na_allowed,
        **_provenance(entry),
    }


def _factor(method: Method, code: str) -> dict[str, Any]:
    rule, entry = method.conduciveness.factor[code], FACTORS[code]
    return {
        "factor": code,
        "labels": dict(entry.labels),
        "question": entry.extra.get("question", ""),
        "bundle": rule.bundle,
        "hypotheses": list(rule.hypotheses),
        "kind": rule.kind,
        "share": rule.weight,
        "weight": method.conduciveness.omega[code],
        "half_life": rule.half_life,
        "ratings": list(entry.extra.get("ratings", ())),
        **_provenance(entry),
    }


def _provenance(entry: Code) -> dict[str, str]:
    return {"source": entry.source, "trace": str(entry.extra.get("trace", ""))}


def _moment(when: Any) -> str:
    return str(when.isoformat().replace("+00:00", "Z"))


def differences(row: WeightSet) -> list[tuple[str, str, str]]:
    """What a set has otherwise than the one it was copied from: name, there, here."""
    if row.based_on is None:
        return []
    before, after = (dict(_leaves(method_of(one).to_dict(), ())) for one in (row.based_on, row))
    return [
        (_named(path), _told(before.get(path, "")), _told(value))
        for path, value in after.items()
        if before.get(path) != value
    ]


def _told(value: Any) -> str:
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def _named(path: tuple[str, ...]) -> str:
    """ "The armed group: weight" """
    *_, of, name = path
    label = next((codes[of].label() for codes in _LISTS if of in codes), "")
    words = _PARAMETERS.get(name, name.replace("_", " "))
    return f"{label or _PARTS.get(of, of.replace('_', ' '))}: {words}"


def _leaves(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    """Every parameter with the way to it, a listed one by its code."""
    if isinstance(value, dict):
        named = path + ((str(value["code"]),) if "code" in value else ())
        for name, inner in value.items():
            if name not in ("code", "version"):
                yield from _leaves(inner, (*named, name))
    elif isinstance(value, list):
        for number, inner in enumerate(value):
            coded = isinstance(inner, dict) and "code" in inner
            yield from _leaves(inner, path if coded else (*path, str(number + 1)))
    else:
        yield path, value
