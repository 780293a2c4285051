"""Armed groups as the API and the history tell them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from accounts.access import Viewer
from actors.access import groups_visible_to
from actors.models import ArmedGroup, ExternalId, GroupName, Lineage, Listing
from actors.selectors.parts import (
    Wants,
    children,
    coarse,
    days_hidden,
    everything,
    external_id_row,
    interval,
    name_row,
    pseudonymised,
    told,
)


def group_rows(
    groups: Sequence[ArmedGroup], viewer: Viewer | None, wants: Wants = everything
) -> list[dict[str, Any]]:
    """Each armed group as in the API, for this viewer; without a viewer all of its own content."""
    order = GroupName.objects.order_by("kind", "name", "pk")
    names = children(wants("names"), order, "group_id", groups)
    lineage = Lineage.objects.all()
    if viewer is not None:
        lineage = lineage.filter(other__in=groups_visible_to(viewer))
    kin = children(wants("lineage"), lineage, "group_id", groups)
    listings = children(wants("listings"), Listing.objects.all(), "group_id", groups)
    ids = children(wants("external_ids"), ExternalId.objects.all(), "group_id", groups)
    hidden = pseudonymised(viewer, "armed_group")
    return [
        {
            **_own(group, hidden(group)),
            "names": [name_row(row) for row in names.get(group.pk, [])],
            "lineage": [lineage_row(row) for row in kin.get(group.pk, [])],
            "listings": [listing_row(row) for row in listings.get(group.pk, [])],
            "external_ids": [external_id_row(row) for row in ids.get(group.pk, [])],
        }
        for group in groups
    ]


def _own(group: ArmedGroup, hidden: bool) -> dict[str, Any]:
    months = hidden and days_hidden(group)
    return {
        "id": group.pk,
        "name": group.name,
        "countries": group.countries,
        "structure": group.structure,
        "motive": group.motive,
        "active_from": told(coarse(group.active_from) if months else group.active_from),
        "active_from_grade": group.active_from_grade,
        "active_to": told(coarse(group.active_to) if months else group.active_to),
        "default_level": group.default_level,
        **({} if hidden else {"note": group.note}),
        "context": group.context_id,
        "level": group.level,
        "state": group.state,
        "version": group.version,
        "updated_at": group.updated_at,
    }


def lineage_row(row: Lineage) -> dict[str, Any]:
    return {
        "relation": row.relation,
        "group": row.other_id,
        **interval(row),
        "source": row.source,
    }


def listing_row(row: Listing) -> dict[str, Any]:
    return {"list": row.list, **interval(row), "source": row.source, "grade": row.grade}
