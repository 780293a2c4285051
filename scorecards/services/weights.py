"""The weight set in force: which version of the method scores are computed by."""

from __future__ import annotations

from scorecards.models import WeightSet
from scorecards.scoring.method import Method


def active_weight_set() -> WeightSet:
    """The active set; the shipped default is stored, locked, at first need."""
    row = WeightSet.objects.filter(state=WeightSet.State.ACTIVE).defer("parameters").first()
    return row or _store_default()


def _store_default() -> WeightSet:
    method = Method.default()
    row, _ = WeightSet.objects.get_or_create(
        version=method.version,
        defaults={
            "state": WeightSet.State.ACTIVE,
            "parameters": method.to_dict(),
            "checksum": method.checksum,
            "rationale": "The shipped default. Expert judgement, to be reviewed by its users.",
        },
    )
    return row


_methods: dict[str, Method] = {}


def method_of(weight_set: WeightSet) -> Method:
    """The set's parameters, read once per checksum: a set never changes once it is used."""
    if weight_set.checksum not in _methods:
        _methods[weight_set.checksum] = Method.from_dict(weight_set.parameters)
    return _methods[weight_set.checksum]
