"""The NGOs in their matrix, and the page of one: approach, dossiers, record of service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from accounts.access import Viewer
from accounts.models import Context
from actors.access import ngos_visible_to
from actors.models import Ngo
from actors.models.reference import CODES as ACTOR_CODES
from actors.selectors.ngos import ngo_rows, services_shown
from engagements.selectors.group_file import DossierLine, dossier_lines
from engagements.selectors.places import page_of
from engagements.selectors.record_acts import line_acts
from records.models.records import CURRENT, WITHDRAWN

MOST_DRAWN = 400


@dataclass(frozen=True, slots=True)
class NgoPage:
    told: dict[str, Any]
    approach: dict[str, str]
    drawn: list[dict[str, Any]]
    services: list[dict[str, Any]]
    names: list[dict[str, Any]]
    dossiers: list[DossierLine]


def matrix_of(viewer: Viewer) -> list[dict[str, Any]]:
    """The viewer's NGOs with their types, as the matrix takes them; the first 400 by name."""
    ngos = list(ngos_visible_to(viewer).filter(state=CURRENT).order_by("name", "pk")[:MOST_DRAWN])
    rows = ngo_rows(ngos, viewer, lambda field: field in ("types", "contact"))
    return [_drawn(row) for row in rows]


def _drawn(row: dict[str, Any]) -> dict[str, Any]:
    return row | {
        "href": page_of("ngo", row["id"]),
        "words": ", ".join(_type_words(one) for one in row["types"]),
    }


def _type_words(row: dict[str, Any]) -> str:
    label = ACTOR_CODES["ngo_types"].label(row["type"])
    return f"{label} (main)" if row["primary"] else label


def ngo_page(viewer: Viewer, ngo: Ngo) -> NgoPage:
    told = ngo_rows([ngo], viewer)[0]
    return NgoPage(
        told=told,
        approach=_approach(told),
        drawn=[_drawn(told)],
        services=_services(viewer, ngo, told["service"]),
        names=[
            row | {"words": ACTOR_CODES["name_kinds"].label(row["kind"])} for row in told["names"]
        ],
        dossiers=dossier_lines(viewer, engagement__ngo=ngo),
    )


def _approach(told: dict[str, Any]) -> dict[str, str]:
    if told["contact"] is None:
        return {}
    return {
        "contact": ACTOR_CODES["ngo_contacts"].label(told["contact"]),
        "horizon": ACTOR_CODES["ngo_horizons"].label(told["horizon"]),
    }


def _services(viewer: Viewer, ngo: Ngo, rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    stored = {row.pk: row for row in services_shown([ngo], viewer)[ngo.pk]}
    ids = {row["context"] for row in rows}
    contexts = dict(Context.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        row
        | {
            "words": ACTOR_CODES["ngo_service_kinds"].label(row["kind"]),
            "where": contexts.get(row["context"], ""),
            "withdrawn": stored[row["id"]].state == WITHDRAWN,
            "acts": line_acts(viewer, stored[row["id"]], "service"),
        }
        for row in rows
    ]
