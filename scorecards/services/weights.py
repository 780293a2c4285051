"""Weight sets: the one in force, drafts, and how a set comes into force (section 3.6).

Who may do what, and which dossiers are then behind, is for the caller.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db.models import Q

from records.codes import load
from scorecards.models import Activation, WeightSet
from scorecards.scoring.method import CORE, Method, NotAMethod

FACTORS = load("scorecards", "factors.toml")["factors"]
# The others are recorded and weigh nothing, in every set (section 3.1).
WEIGHTED = frozenset(str(entry.code) for entry in FACTORS if entry.extra["weighted"])

LONGEST_RATIONALE = 4000
VERSION = re.compile(r"\d{1,4}\.\d{1,4}\.\d{1,4}")
LONGEST_HALF_LIFE = 600.0  # months: fifty years
MOST_KAPPA = 100.0
MOST_SHARE = 100.0
READ_AGAIN = "Its author has changed this draft since you read it. Read it again before you decide."

Fault = tuple[str, str]


class DraftChanged(Exception):
    """The draft was saved by another page since the writer read it. `current` is the stored row."""

    def __init__(self, current: WeightSet) -> None:
        super().__init__("The draft has been changed since it was read.")
        self.current = current


@dataclass(frozen=True, kw_only=True)
class WeightContent:
    """What a draft sets; everything else of the method is as in the set it was copied from.

    Weights of bundles and of dimensions sum to 1. A factor's share is relative to the others of
    its bundle. Half-lives are months, by dimension or judged factor. `slack` is lambda of 2.4.
    """

    version: str
    rationale: str
    bundles: Mapping[str, float]
    dimensions: Mapping[str, float]
    factors: Mapping[str, float]
    half_lives: Mapping[str, float]
    kappa: float
    rho: float
    slack: float


def active_weight_set() -> WeightSet:
    """The active set; the shipped default is stored, locked, at first need."""
    row = WeightSet.objects.filter(state=WeightSet.State.ACTIVE).defer("parameters").first()
    return row or _store_default()


def _store_default() -> WeightSet:
    method = Method.default()
    row, made = WeightSet.objects.get_or_create(
        version=method.version,
        defaults={
            "state": WeightSet.State.ACTIVE,
            "parameters": method.to_dict(),
            "checksum": method.checksum,
            "rationale": "The shipped default. Expert judgement, to be reviewed by its users.",
            "shipped": True,
        },
    )
    if made:
        Activation.objects.create(weight_set=row)
    return row


_methods: dict[str, Method] = {}


def method_of(weight_set: WeightSet) -> Method:
    """The set's parameters, read once per checksum: a set never changes once it is used."""
    if weight_set.checksum not in _methods:
        _methods[weight_set.checksum] = Method.from_dict(weight_set.parameters)
    return _methods[weight_set.checksum]


def content_of(weight_set: WeightSet) -> WeightContent:
    """What a set says, in the terms in which a draft is edited."""
    method = Method.from_dict(weight_set.parameters)
    card, success = method.integration, method.conduciveness
    half_lives = {rule.code: rule.half_life for rule in card.dimensions}
    half_lives |= {rule.code: rule.half_life for rule in success.factors if rule.half_life}
    return WeightContent(
        version=weight_set.version,
        rationale=weight_set.rationale,
        bundles={rule.code: rule.weight for rule in success.bundles},
        dimensions={code: card.dimension[code].weight for code in CORE},
        factors={rule.code: rule.weight for rule in success.factors if rule.code in WEIGHTED},
        half_lives=half_lives,
        kappa=success.kappa,
        rho=success.rho,
        slack=card.slack,
    )


def next_version() -> str:
    """The highest version there is, with its middle number one higher."""
    versions = WeightSet.objects.values_list("version", flat=True)
    numbers = [tuple(map(int, one.split("."))) for one in versions if VERSION.fullmatch(one)]
    major, minor, _ = max(numbers, default=(1, 0, 0))
    return f"{major}.{minor + 1}.0"


def faults_of(content: WeightContent, *, of: UUID | None = None) -> Iterator[Fault]:
    """What is wrong with a draft: field and a sentence. `of`: the draft's own id."""
    if not VERSION.fullmatch(content.version):
        yield "version", "Write three numbers with dots, such as 1.1.0."
    elif WeightSet.objects.filter(~Q(pk=of), version=content.version).exists():
        yield "version", f"There is a set {content.version} already. Choose a higher number."
    if not content.rationale.strip():
        yield "rationale", "Say why: whoever reads a score under this set will ask."
    if len(content.rationale) > LONGEST_RATIONALE:
        yield "rationale", f"Keep the reason under {LONGEST_RATIONALE} characters."
    yield from _number_faults(content)


def _number_faults(content: WeightContent) -> Iterator[Fault]:
    for field, weights in (("bundles", content.bundles), ("dimensions", content.dimensions)):
        total = 100 * math.fsum(weights.values())
        if abs(total - 100) > 1e-7:
            yield field, f"These weights sum to {total:.4g} %. They have to sum to 100 %."
        if not all(0 <= weight <= 1 for weight in weights.values()):
            yield field, "A weight lies between 0 and 100 %."
    for code, share in content.factors.items():
        if not 0 <= share <= MOST_SHARE:
            yield "factors", f"{code}: a share lies between 0 and {MOST_SHARE:g}."
    for code, months in content.half_lives.items():
        if not 1 <= months <= LONGEST_HALF_LIFE:
            yield "half_lives", f"{code}: a half-life is 1 to {LONGEST_HALF_LIFE:g} months."
    if not 0 < content.kappa <= MOST_KAPPA:
        yield "kappa", f"kappa lies above 0, up to {MOST_KAPPA:g}."
    for name, value in (("rho", content.rho), ("slack", content.slack)):
        if not 0 <= value <= 1:
            yield name, "This lies between 0 and 1."


def revised(base: WeightSet, content: WeightContent) -> Method:
    """The method that the content makes of a set; ValidationError by field if it makes none."""
    plain = Method.from_dict(base.parameters).to_dict()
    plain["version"] = content.version
    card, success = plain["integration"], plain["conduciveness"]
    card["slack"] = content.slack
    success["kappa"], success["rho"] = content.kappa, content.rho
    _put(card["dimensions"], "weight", content.dimensions)
    _put(card["dimensions"], "half_life", content.half_lives)
    _put(success["bundles"], "weight", content.bundles)
    _put(success["factors"], "weight", content.factors)
    _put(success["factors"], "half_life", content.half_lives)
    try:
        return Method.from_dict(plain)
    except NotAMethod as wrong:
        raise ValidationError(str(wrong)) from None


def _put(rows: list[dict[str, Any]], name: str, values: Mapping[str, float]) -> None:
    for row in rows:
        row[name] = values.get(row["code"], row[name])


def draft_weight_set(base: WeightSet, content: WeightContent, author: Any) -> WeightSet:
    """A new draft, copied from a set."""
    _refuse(content)
    method = revised(base, content)
    return WeightSet.objects.create(
        version=content.version,
        parameters=method.to_dict(),
        checksum=method.checksum,
        rationale=content.rationale.strip(),
        based_on=base,
        author=author,
    )


def change_weight_set(pk: UUID, content: WeightContent, *, edition: int) -> WeightSet:
    """Save a draft anew; DraftChanged if somebody else did so since `edition`."""
    row = _locked(pk)
    _require_draft(row)
    if row.edition != edition:
        raise DraftChanged(row)
    _refuse(content, of=pk)
    method = revised(row, content)
    row.version, row.rationale = content.version, content.rationale.strip()
    row.parameters, row.checksum = method.to_dict(), method.checksum
    row.edition += 1
    row.save()
    return row


def _refuse(content: WeightContent, *, of: UUID | None = None) -> None:
    faults: dict[str, list[str]] = {}
    for field, sentence in faults_of(content, of=of):
        faults.setdefault(field, []).append(sentence)
    if faults:
        raise ValidationError(faults)


def activate_weight_set(pk: UUID, by: Any, *, edition: int) -> WeightSet:
    """Put a set into force as it was read (`edition`); the one before it is retired. The caller saw
    to a second person.
    """
    # All of them are held: of two heads who activate at once, the second sees what the first did.
    rows = {row.pk: row for row in WeightSet.objects.select_for_update().order_by("pk")}
    row = rows[pk]
    if row.state == WeightSet.State.ACTIVE:
        raise ValidationError("This set is in force already.")
    if row.edition != edition:
        raise ValidationError(READ_AGAIN)
    for active in rows.values():
        if active.state == WeightSet.State.ACTIVE:
            active.state = WeightSet.State.RETIRED
            active.save(update_fields=["state"])
    row.state = WeightSet.State.ACTIVE
    row.save(update_fields=["state"])
    Activation.objects.create(weight_set=row, activated_by=by)
    return row


def retire_weight_set(pk: UUID) -> WeightSet:
    """Put a draft aside for good. What is in force is retired by the set that follows it."""
    row = _locked(pk)
    _require_draft(row)
    row.state = WeightSet.State.RETIRED
    row.save(update_fields=["state"])
    return row


def _locked(pk: UUID) -> WeightSet:
    return WeightSet.objects.select_for_update().get(pk=pk)


def _require_draft(row: WeightSet) -> None:
    if not row.is_draft:
        raise ValidationError("This set is no draft any more. Copy it to change something.")
