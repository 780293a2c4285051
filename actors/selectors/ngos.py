"""NGOs as the API and the history tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.access import Viewer
from actors.access import services_visible_to
from actors.models import ExternalId, Ngo, NgoName, NgoService, NgoType
from actors.models.reference import CODES
from actors.selectors.parts import (
    Wants,
    children,
    everything,
    external_id_row,
    interval,
    name_row,
    pseudonymised,
)


def ngo_rows(
    ngos: Sequence[Ngo], viewer: Viewer | None, wants: Wants = everything
) -> list[dict[str, Any]]:
    """Each NGO as in the API, for this viewer; without a viewer its own content, no services."""
    typed = wants("types") or wants("contact") or wants("horizon")
    types = children(typed, NgoType.objects.all(), "ngo_id", ngos)
    names = children(wants("names"), NgoName.objects.order_by("kind", "name", "pk"), "ngo_id", ngos)
    ids = children(wants("external_ids"), ExternalId.objects.all(), "ngo_id", ngos)
    services = services_shown(ngos, viewer) if viewer and wants("service") else {}
    hidden = pseudonymised(viewer, "ngo")
    return [
        {
            "id": ngo.pk,
            "name": ngo.name,
            "acronym": ngo.acronym,
            **_approach(types.get(ngo.pk, [])),
            "service": [service_row(row) for row in services.get(ngo.pk, [])],
            "names": [name_row(row) for row in names.get(ngo.pk, [])],
            "external_ids": [external_id_row(row) for row in ids.get(ngo.pk, [])],
            **({} if hidden(ngo) else {"note": ngo.note}),
            "context": ngo.context_id,
            "level": ngo.level,
            "state": ngo.state,
            "version": ngo.version,
            "updated_at": ngo.updated_at,
        }
        for ngo in ngos
    ]


def _approach(types: list[NgoType]) -> dict[str, Any]:
    """The categories, and where the primary one stands in the matrix."""
    primary = next((row.type for row in types if row.primary), None)
    place = CODES["ngo_types"][primary].extra if primary else {}
    return {
        "types": [{"type": row.type, "primary": row.primary} for row in types],
        "contact": place.get("contact"),
        "horizon": place.get("horizon"),
    }


def services_shown(ngos: Sequence[Ngo], viewer: Viewer) -> dict[Any, list[NgoService]]:
    """The services of these NGOs that the viewer may see, read once per answer."""
    if ngos and not hasattr(ngos[0], "shown_services"):
        found = children(True, services_visible_to(viewer), "ngo_id", ngos)
        for ngo in ngos:
            ngo.shown_services = found.get(ngo.pk, [])  # type: ignore[attr-defined]
    return {ngo.pk: ngo.shown_services for ngo in ngos}  # type: ignore[attr-defined]


def service_row(row: NgoService) -> dict[str, Any]:
    return {
        "id": row.pk,
        "context": row.context_id,
        **interval(row),
        "kind": row.service,
        "source": row.source,
        "grade": row.grade,
        "level": row.level,
    }
