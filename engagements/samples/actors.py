"""NGOs, armed groups, counterparts and the facts of the contexts, from the data files."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from actors.models import (
    ArmedGroup,
    ContextFact,
    Counterpart,
    GroupName,
    Identity,
    Lineage,
    Listing,
    Ngo,
    NgoName,
    NgoService,
    NgoType,
)
from engagements.samples.seed import entered_on, fixed_id, months_before, partial
from records.dates import PartialDate

Table = dict[str, Any]
OUR_FILE = "Sample register"


def add_ngo(table: Table, *, types: list[str], names: list[Table]) -> Ngo:
    """An NGO of the reference list with its types (the first is primary) and names."""
    ngo = Ngo(
        pk=fixed_id("ngo", table["key"]),
        name=table["name"],
        acronym=table["acronym"],
        note=table["note"],
    )
    ngo.save(force_insert=True)
    NgoType.objects.bulk_create(
        NgoType(ngo=ngo, type=code, primary=not place) for place, code in enumerate(types)
    )
    spoken = [{"name": ngo.name, "kind": "official", "language": "en"}, *names]
    if ngo.acronym:
        spoken.append({"name": ngo.acronym, "kind": "acronym", "language": "en"})
    for row in spoken:
        NgoName.objects.create(
            ngo=ngo,
            name=row["name"],
            kind=row["kind"],
            language=row["language"],
            source=row.get("source", OUR_FILE),
        )
    return ngo


def add_group(table: Table, *, active_from: PartialDate | None, names: list[Table]) -> ArmedGroup:
    """An armed group, of the reference list or born in a context, with its names."""
    born = table.get("context") or None
    group = ArmedGroup(
        pk=fixed_id("group", table["key"]),
        name=table["name"],
        context_id=born and fixed_id("context", born),
        level=table.get("level", 1),
        countries=table["countries"],
        structure=table["structure"],
        motive=table.get("motive", []),
        active_from_grade=table["grade"] if active_from else "",
        default_level=table.get("default_level", 3),
        note=table["note"],
    )
    group.active_from, group.active_to = active_from, partial(table.get("active_to", ""))
    group.save(force_insert=True)
    official = {"name": group.name, "kind": "official", "language": "en"}
    for row in [official, *names]:
        _add_name(group, row)
    return group


def _add_name(group: ArmedGroup, row: Table) -> None:
    name = GroupName(
        group=group,
        name=row["name"],
        kind=row["kind"],
        language=row["language"],
        source=row.get("source", OUR_FILE),
    )
    name.begun, name.ended = partial(row.get("from", "")), partial(row.get("to", ""))
    name.save()


def add_ties(table: Table, *, said: Any) -> None:
    """Lineage and listings, once every group is there. `said` turns a row into its source."""
    group = fixed_id("group", table["key"])
    for row in table["lineage"]:
        tie = Lineage(
            group_id=group,
            relation=row["relation"],
            other_id=fixed_id("group", row["group"]),
            source=said(row),
        )
        tie.begun, tie.ended = partial(row.get("from", "")), partial(row.get("to", ""))
        tie.save()
    for row in table["listings"]:
        listing = Listing(group_id=group, list=row["list"], source=said(row), grade=row["grade"])
        listing.begun, listing.ended = partial(row.get("from", "")), partial(row.get("to", ""))
        listing.save()


def add_fact(
    context: str,
    number: int,
    row: Table,
    *,
    begun: Any,
    ended: Any,
    source: str,
    group: str,
    entered: datetime | None = None,
) -> None:
    """One dated fact of a context, about one group or (group "") about all; entered now if not
    said otherwise.
    """
    fact = ContextFact(
        pk=fixed_id("fact", context, number),
        context_id=fixed_id("context", context),
        level=row["level"],
        fact=row["kind"],
        value=row["value"],
        armed_group_id=fixed_id("group", group) if group else None,
        source=source,
        grade=row["grade"],
    )
    fact.begun, fact.ended = begun, ended
    if entered is not None:
        fact.created_at = fact.updated_at = entered
    fact.save(force_insert=True)


def add_working_actors(valdoria: Table, today: date) -> None:
    """The fictitious NGOs with their services, the groups with their people, the facts."""
    for table in valdoria["ngos"]:
        add_ngo(table, types=table["types"], names=table["names"])
        _add_services(table, today)
    for table in valdoria["armed_groups"]:
        add_group(table, active_from=_start(table, today), names=table["names"])
    for table in valdoria["armed_groups"]:
        add_ties(table, said=lambda row: row["source"])
    for table in valdoria["contexts"]:
        for number, row in enumerate(table["facts"]):
            begun = months_before(today, row["ago"])
            ended = months_before(today, row["until"]) if "until" in row else None
            add_fact(
                table["key"],
                number,
                row,
                begun=begun,
                ended=ended,
                source=row["source"],
                group=row.get("group", ""),
                entered=entered_on(begun, today),
            )
    _enter_groups(valdoria["armed_groups"], today)


def _enter_groups(tables: Iterable[Table], today: date) -> None:
    """The groups were known, with their listings, when the register began or the list did."""
    began = entered_on(date.min, today)
    keys = [fixed_id("group", table["key"]) for table in tables]
    ArmedGroup.objects.filter(pk__in=keys).update(created_at=began, updated_at=began)
    for listing in Listing.objects.filter(group__in=keys):
        day = listing.begun.first if listing.begun else date.min
        Listing.objects.filter(pk=listing.pk).update(created_at=entered_on(day, today))


def _start(table: Table, today: date) -> PartialDate | None:
    if "active_ago" in table:
        return PartialDate(months_before(today, table["active_ago"]).replace(day=1), "month")
    return partial(table["active_from"])


def _add_services(table: Table, today: date) -> None:
    for number, row in enumerate(table["services"]):
        service = NgoService(
            pk=fixed_id("service", table["key"], number),
            ngo_id=fixed_id("ngo", table["key"]),
            context_id=fixed_id("context", row["context"]),
            level=1,
            service=row["service"],
            source="Yearly report of the NGO",
            grade=row["grade"],
        )
        service.begun = begun = PartialDate.parse(row["from"])
        service.created_at = service.updated_at = entered_on(begun.first, today)
        service.save(force_insert=True)


def add_people(table: Table, context: str) -> dict[str, Counterpart]:
    """The group's counterparts by code; the name of some, sealed, at level 4."""
    people: dict[str, Counterpart] = {}
    for row in table.get("people", []):
        person = Counterpart(
            pk=fixed_id("counterpart", row["code"]),
            context_id=fixed_id("context", context),
            level=row["level"],
            armed_group_id=fixed_id("group", table["key"]),
            code=row["code"],
            role=row["role"],
            rank=row["rank"],
        )
        person.save(force_insert=True)
        people[person.code] = person
        if "name" in row:
            Identity(
                pk=fixed_id("identity", row["code"]),
                context_id=person.context_id,
                level=4,
                counterpart=person,
                name=f"{row['name']} (fictitious)",
                contact="By messenger only",
            ).save(force_insert=True)
    return people
