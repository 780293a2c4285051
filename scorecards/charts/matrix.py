"""The four-category matrix (contact by horizon) with the NGOs in their cells."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .places import Row

_CELLS = (
    ("RES", "Conflict resolution", "direct contact", "acute"),
    ("OPS", "Operational services", "indirect contact", "acute"),
    ("DIF", "Norm diffusion", "direct contact", "long term"),
    ("POL", "Public policy", "indirect contact", "long term"),
)


@dataclass(frozen=True, slots=True)
class Resident:
    name: str
    href: str | None
    primary: bool


@dataclass(frozen=True, slots=True)
class Cell:
    type: str
    name: str
    contact: str
    horizon: str
    residents: list[Resident]

    @property
    def primaries(self) -> list[Resident]:
        return [resident for resident in self.residents if resident.primary]

    @property
    def further(self) -> list[Resident]:
        return [resident for resident in self.residents if not resident.primary]


def matrix(ngos: Iterable[Row]) -> list[Cell]:
    """Four cells, row by row: acute (direct, indirect), then long term.

    Each NGO is `{name, href, types: [{type, primary}]}` as in `api.md`; it stands in the cell of
    its primary type and, marked as further, in those of its other types. One without types stands
    in none.
    """
    rows = list(ngos)
    return [
        Cell(code, name, contact, horizon, _residents(rows, code))
        for code, name, contact, horizon in _CELLS
    ]


def _residents(ngos: Iterable[Row], code: str) -> list[Resident]:
    found = [
        Resident(ngo["name"], ngo.get("href"), bool(held["primary"]))
        for ngo in ngos
        for held in ngo.get("types") or []
        if held["type"] == code
    ]
    return sorted(found, key=lambda resident: (not resident.primary, resident.name))
