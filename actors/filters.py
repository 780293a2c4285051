"""The filters of NGOs, armed groups, counterparts and contexts, for pages and API alike."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from actors.access import facts_visible_to, services_visible_to
from actors.models import ExternalId, Listing, NgoType
from actors.models.reference import CODES
from records.codes import CodeList
from records.models.records import CURRENT, WITHDRAWN
from records.rest.filters import By, Days, Filter, Has, Ids, OneOf, Unreadable, Whole


def _checked(words: list[str], codes: CodeList) -> list[str]:
    if unknown := [word for word in words if word not in codes]:
        known = ", ".join(map(str, codes.values()))
        raise Unreadable(f"“{unknown[0][:40]}” is not on the list. Any of: {known}.")
    return words


def _hint(codes: CodeList) -> str:
    return f"Any of: {', '.join(map(str, codes.values()))}."


def _of_type(words: list[str], viewer: Any) -> Q:
    rows = NgoType.objects.filter(type__in=_checked(words, CODES["ngo_types"]))
    return Q(pk__in=rows.values("ngo"))


def _by_place(axis: str, codes: CodeList) -> By:
    """NGOs by where their primary type stands on one axis of the matrix."""

    def condition(words: list[str], viewer: Any) -> Q:
        wanted = _checked(words, codes)
        types = [row.code for row in CODES["ngo_types"] if row.extra[axis] in wanted]
        rows = NgoType.objects.filter(primary=True, type__in=types)
        return Q(pk__in=rows.values("ngo"))

    return By(condition, hint=_hint(codes))


def _of_service(words: list[str], viewer: Any) -> Q:
    rows = services_visible_to(viewer).filter(
        service__in=_checked(words, CODES["ngo_service_kinds"])
    )
    return Q(pk__in=rows.values("ngo"))


def _with_fact(words: list[str], viewer: Any) -> Q:
    rows = facts_visible_to(viewer).filter(fact__in=_checked(words, CODES["context_fact_kinds"]))
    return Q(pk__in=rows.values("context"))


def _listed(words: list[str], viewer: Any) -> Q:
    rows = Listing.objects.filter(list__in=_checked(words, CODES["listing_lists"]))
    return Q(pk__in=rows.values("group"))


def _outside_id(parent: str) -> By:
    def condition(words: list[str], viewer: Any) -> Q:
        wanted = Q(pk__in=[])
        for word in words:
            scheme, _, value = word.partition(":")
            _checked([scheme], CODES["external_id_schemes"])
            wanted |= Q(scheme=scheme, value=value) if value else Q(scheme=scheme)
        rows = ExternalId.objects.filter(wanted, **{f"{parent}__isnull": False})
        return Q(pk__in=rows.values(parent))

    return By(condition, hint="A register (ucdp) or one id in it (ucdp:1234).")


STATE = OneOf("state", (CURRENT, WITHDRAWN))
KNOWN_IN: dict[str, Filter] = {
    "context": Ids("context", may_be_empty=True),
    "level": Whole("level"),
    "state": STATE,
    "updated_at": Days("updated_at__date"),
}

NGO_FILTERS: dict[str, Filter] = {
    "type": By(_of_type, hint=_hint(CODES["ngo_types"])),
    "contact": _by_place("contact", CODES["ngo_contacts"]),
    "horizon": _by_place("horizon", CODES["ngo_horizons"]),
    "service": By(_of_service, hint=_hint(CODES["ngo_service_kinds"])),
    "external_id": _outside_id("ngo"),
    **KNOWN_IN,
}

GROUP_FILTERS: dict[str, Filter] = {
    "country": Has("countries", hint="Any of these two-letter country codes."),
    "structure": OneOf("structure", CODES["group_structures"].values()),
    "motive": Has("motive", CODES["group_motives"].values()),
    "active_from": Days("active_from_first", may_be_empty=True),
    "active_to": Days("active_to_first", may_be_empty=True),
    "listing": By(_listed, hint=_hint(CODES["listing_lists"])),
    "external_id": _outside_id("group"),
    **KNOWN_IN,
}

COUNTERPART_FILTERS: dict[str, Filter] = {
    "armed_group": Ids("armed_group"),
    "context": Ids("context"),
    "level": OneOf("rank", CODES["organisational_levels"].values()),
    "sensitivity": Whole("level"),
    "state": STATE,
}

CONTEXT_FILTERS: dict[str, Filter] = {
    "country": Has("countries", hint="Any of these two-letter country codes."),
    "floor": Whole("floor"),
    "fact": By(_with_fact, hint=_hint(CODES["context_fact_kinds"])),
}
