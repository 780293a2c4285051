"""Short forms for what the register holds beside meetings: each says what one service is told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID, uuid4

from django import forms

from accounts.access import Viewer, grants_for, visible_contexts
from accounts.models import Context
from actors.access import groups_visible_to, ngos_visible_to
from actors.models.reference import CODES as ACTOR_CODES
from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.models import Engagement
from engagements.services.commitments import ClauseContent, CommitmentContent, SourceContent
from engagements.services.content import Place
from engagements.services.incidents import IncidentContent
from engagements.services.meeting_rules import GRADES
from records.dates import NotADate, PartialDate
from records.models.records import CURRENT, LEVELS

MOST_CHOICES = 1_000
PARTIAL = "2024, 2024-05 or 2024-05-17: as much as is known"
REFERENCE_LIST = "the reference list, for the whole organisation"
UNKNOWN = "Choose one from the list."
ROWS = 3

Told = dict[str, Any]


class PartialField(forms.CharField):
    """A day, month or year as a PartialDate; None when left open."""

    def __init__(self, label: str, *, required: bool = False, **more: Any) -> None:
        super().__init__(label=label, required=required, help_text=PARTIAL, max_length=10, **more)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        try:
            return PartialDate.parse(text) if text else None
        except NotADate as wrong:
            raise forms.ValidationError(str(wrong)) from None


def pick(label: str, choices: Iterable[tuple[Any, Any]], **more: Any) -> forms.ChoiceField:
    """One line of a list; its error says what to do."""
    refused = {"invalid_choice": UNKNOWN, "required": UNKNOWN}
    return forms.ChoiceField(label=label, choices=list(choices), error_messages=refused, **more)


def tick(label: str, choices: Iterable[tuple[Any, Any]], **more: Any) -> forms.MultipleChoiceField:
    refused = {"invalid_choice": UNKNOWN, "required": "Choose at least one."}
    return forms.MultipleChoiceField(
        label=label,
        choices=list(choices),
        widget=forms.CheckboxSelectMultiple,
        error_messages=refused,
        **more,
    )


def words(label: str, most: int = 300, *, required: bool = False, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, required=required, max_length=most, **more)


def text(label: str, **more: Any) -> forms.CharField:
    return forms.CharField(
        label=label, required=False, max_length=20_000, widget=forms.Textarea, **more
    )


def grade(label: str = "Grade", **more: Any) -> forms.ChoiceField:
    return pick(label, [("", "not graded"), *((code, code) for code in sorted(GRADES))], **more)


def level_field() -> forms.ChoiceField:
    shown = [("", "the usual one here"), *((str(code), f"{code}, {name}") for code, name in LEVELS)]
    return pick("Level", shown, required=False)


def codes(
    lists: Mapping[str, Any], name: str, *, empty: str | None = None
) -> list[tuple[str, str]]:
    found = [(str(code), label) for code, label in lists[name].choices()]
    return found if empty is None else [("", empty), *found]


class Entry(forms.Form):
    """A form for one new record. `pk` is made with the page: sending twice makes one record."""

    use_required_attribute = False
    title = ""
    pk = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, viewer: Viewer, given: Mapping[str, str], **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"pk": uuid4(), **given})
        super().__init__(*args, **kwargs)
        self.viewer = viewer
        self.prepare()
        for field in self.fields.values():
            field.error_messages.setdefault("required", "This is needed.")

    def prepare(self) -> None:
        """Fill the choices with what this viewer may choose."""

    def offer(self, name: str, rows: Any, *, empty: str | None = None) -> None:
        """Let the field choose among these records, by name; `cleaned(name)` is the record."""
        self._offered: dict[str, dict[str, Any]] = getattr(self, "_offered", {})
        found = {str(row.pk): row for row in rows}
        self._offered[name] = found
        shown = [(pk, str(self.label_of(row))) for pk, row in found.items()]
        field: Any = self.fields[name]
        field.choices = shown if empty is None else [("", empty), *shown]

    def label_of(self, row: Any) -> str:
        return str(row.name)

    def chosen(self, name: str) -> Any:
        return self._offered[name].get(self.cleaned_data.get(name, ""))

    @property
    def wanted_level(self) -> int | None:
        return int(self.cleaned_data["level"]) if self.cleaned_data.get("level") else None


def _contexts(viewer: Viewer, kind: str) -> list[Context]:
    mine = {grant.context_id for grant in grants_for(viewer, "c", kind)}
    rows = visible_contexts(viewer, Context.objects.all())
    return list(rows.filter(pk__in=mine).order_by("name"))


class EngagementForm(Entry):
    title = "Open an engagement"
    ngo = pick("NGO", ())
    armed_group = pick("Armed group", ())
    context = pick("Context", ())
    started_on = PartialField("First dealings")

    def prepare(self) -> None:
        rows = ngos_visible_to(self.viewer).filter(state=CURRENT).order_by("name")
        self.offer("ngo", rows[:MOST_CHOICES], empty="choose")
        groups = groups_visible_to(self.viewer).filter(state=CURRENT).order_by("name")
        self.offer("armed_group", self._with_given(groups), empty="choose")
        self.offer("context", _contexts(self.viewer, "engagement"))

    def _with_given(self, groups: Any) -> list[Any]:
        """The first thousand by name, and the one that the page before this one named."""
        found = list(groups[:MOST_CHOICES])
        given = as_uuid(str(self.initial.get("armed_group") or self.data.get("armed_group") or ""))
        if given is None or given in {row.pk for row in found}:
            return found
        return [*found, *groups.filter(pk=given)]


class DossierForm(Entry):
    title = "Open a dossier on a topic"
    norm = pick("Topic", ())

    def __init__(self, *args: Any, engagement: Engagement, **kwargs: Any) -> None:
        self.engagement = engagement
        super().__init__(*args, **kwargs)

    def prepare(self) -> None:
        dossiers = dossiers_visible_to(self.viewer).filter(engagement=self.engagement)
        there = set(dossiers.values_list("norm", flat=True))
        field: Any = self.fields["norm"]
        field.choices = [pair for pair in codes(CODES, "norms") if pair[0] not in there]


class ReferenceForm(Entry):
    """An NGO or an armed group: known in a context, or on the list of the whole organisation."""

    kind = ""
    name = words("Name", 200, required=True)
    other_names = text(
        "Other names", help_text="One a line: old names, acronyms, other spellings and scripts."
    )
    context = pick("Known in", (), required=False)
    level = level_field()

    def prepare(self) -> None:
        listed = REFERENCE_LIST if grants_for(self.viewer, "c", "reference") else None
        self.offer("context", _contexts(self.viewer, self.kind), empty=listed)

    def told_of_all(self) -> Told:
        lines = (line.strip() for line in self.cleaned_data["other_names"].splitlines())
        own = self.cleaned_data["name"]
        told: Told = {
            "name": own,
            "names": [_name(line) for line in dict.fromkeys(lines) if line and line != own],
            "context": self.chosen("context"),
        }
        if self.wanted_level and told["context"] is not None:
            told["level"] = self.wanted_level
        return told


def _name(line: str) -> Told:
    bare = {"language": "", "source": "", "begun": None, "ended": None}
    return {"name": line[:200], "kind": "alias", **bare}


class NgoForm(ReferenceForm):
    title = "Add an NGO"
    kind = "ngo"
    acronym = words("Acronym", 30)
    main_type = pick(
        "Main way of working", codes(ACTOR_CODES, "ngo_types"), widget=forms.RadioSelect
    )
    further_types = tick("Further ways", codes(ACTOR_CODES, "ngo_types"), required=False)

    field_order = ["pk", "name", "acronym", "main_type", "further_types", "other_names", "context"]

    def told(self) -> Told:
        main = self.cleaned_data["main_type"]
        further = [code for code in self.cleaned_data["further_types"] if code != main]
        types = [{"type": main, "primary": True}]
        return self.told_of_all() | {
            "acronym": self.cleaned_data["acronym"],
            "types": types + [{"type": code, "primary": False} for code in further],
        }


class GroupForm(ReferenceForm):
    title = "Add an armed group"
    kind = "armed_group"
    countries = words("Countries", help_text="Two-letter codes, for example XV XK.")
    structure = pick("Structure", codes(ACTOR_CODES, "group_structures"), initial="UNK")
    motive = tick("Motive", codes(ACTOR_CODES, "group_motives"), required=False)
    active_from = PartialField("Active from")
    active_from_grade = grade("Grade of that date", required=False)

    field_order = ["pk", "name", "other_names", "countries", "structure", "active_from"]

    def clean_countries(self) -> list[str]:
        found = [
            word.upper() for word in re.split(r"[\s,;]+", self.cleaned_data["countries"]) if word
        ]
        if any(not re.fullmatch("[A-Z]{2}", word) for word in found):
            raise forms.ValidationError("Write two-letter country codes, such as XV XK.")
        return found

    def told(self) -> Told:
        names = ("countries", "structure", "motive", "active_from", "active_from_grade")
        return self.told_of_all() | {name: self.cleaned_data[name] for name in names}


class FactForm(Entry):
    """A dated fact of a context. Its kind and value are one choice, or a kind and some words."""

    title = "Add a fact of the context"
    fact = pick("What holds", ())
    value = words("In words", 60, help_text="For a new leader or a split.")
    armed_group = pick("Of one group only", (), required=False)
    begun = PartialField("From", required=True)
    ended = PartialField("To")
    source = words("Source")
    grade = grade(required=False)
    level = level_field()

    def prepare(self) -> None:
        field: Any = self.fields["fact"]
        field.choices = [("", "choose"), *_fact_choices()]
        self.offer("armed_group", self._groups(), empty="all groups there")

    def _groups(self) -> Any:
        rows = groups_visible_to(self.viewer).filter(state=CURRENT)
        return rows.filter(engagements__isnull=False).distinct().order_by("name")[:MOST_CHOICES]

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("fact", "").endswith(":") and not told.get("value"):
            self.add_error("value", "Say in a few words what changed.")
        return told

    def told(self) -> Told:
        kind, _, value = self.cleaned_data["fact"].partition(":")
        told = {name: self.cleaned_data[name] for name in ("begun", "ended", "source", "grade")}
        told |= {"kind": kind, "value": value or self.cleaned_data["value"]}
        told["armed_group"] = self.chosen("armed_group")
        return told | ({"level": self.wanted_level} if self.wanted_level else {})


def _fact_choices() -> list[tuple[str, Any]]:
    """Grouped by kind; a kind without a list of values stands for itself."""
    shown: list[tuple[str, Any]] = []
    for kind in ACTOR_CODES["context_fact_kinds"]:
        values = kind.extra["values_from"]
        if values:
            pairs = [(f"{kind.code}:{code}", label) for code, label in codes(ACTOR_CODES, values)]
            shown.append((kind.label(), pairs))
        else:
            shown.append((f"{kind.code}:", kind.label()))
    return shown


class IncidentForm(Entry):
    title = "Record an incident"
    armed_group = pick("Armed group", ())
    context = pick("Context", ())
    category = pick("What happened", codes(CODES, "violation_categories", empty="choose"))
    occurred_on = PartialField("When", required=True)
    standard = pick(
        "How well it is proven",
        codes(CODES, "incident_standards"),
        widget=forms.RadioSelect,
        initial="alleged",
    )
    attribution = pick("Whose act", codes(CODES, "attributions"), initial="unknown")
    response = pick("What the group did about it", codes(CODES, "group_responses"), initial="none")
    child_victim = forms.BooleanField(label="Children are among the victims", required=False)
    victims = forms.IntegerField(label="Number of victims", required=False, min_value=0)
    country = words("Country", 2, help_text="Two letters.")
    admin1 = words("Province or region", 100)
    detail = words(
        "Nearer place", help_text="Sealed. Leave open what a careful delegate would not write."
    )
    description = text("What is reported", help_text="Sealed. No names.")
    source = words("Source", help_text="Sealed.")
    grade = grade(required=False)
    level = level_field()

    def prepare(self) -> None:
        groups = groups_visible_to(self.viewer).filter(state=CURRENT, engagements__isnull=False)
        self.offer("armed_group", groups.distinct().order_by("name")[:MOST_CHOICES], empty="choose")
        self.offer("context", _contexts(self.viewer, "incident"))

    def content(self) -> IncidentContent:
        told = self.cleaned_data
        plain = (
            "category", "occurred_on", "standard", "attribution", "response", "child_victim",
            "victims", "grade", "description", "source",
        )  # fmt: skip
        return IncidentContent(
            context=self.chosen("context"),
            armed_group=self.chosen("armed_group"),
            place=Place(
                country=told["country"].upper(), admin1=told["admin1"], detail=told["detail"]
            ),
            level=self.wanted_level,
            **{name: told[name] for name in plain},
        )


class CommitmentForm(Entry):
    title = "Record a commitment"
    name = words("Title of the text or undertaking", 300, required=True)
    dossiers = tick("Dossiers that it binds", ())
    instrument = pick("Instrument", codes(CODES, "instruments", empty="choose"))
    status = pick("Status", codes(CODES, "commitment_statuses", empty="choose"))
    signed_on = PartialField("Signed")
    verification = pick("Verification", codes(CODES, "verification"), initial="V0")
    norms = tick(
        "Topics", [pair for pair in codes(CODES, "norms") if pair[0] != "GEN"], required=False
    )
    conditions = text("Conditions that the group sets")
    source_kind = pick(
        "Kind of source", codes(CODES, "source_kinds", empty="none yet"), required=False
    )
    source_reference = words("Reference of the source", 400)
    source_grade = grade("Grade of the source", required=False)
    level = level_field()

    def prepare(self) -> None:
        rows = dossiers_visible_to(self.viewer, verb="u").filter(state=CURRENT)
        rows = rows.select_related("engagement__ngo", "engagement__armed_group")
        given = as_uuid(str(self.initial.get("armed_group", "")))
        if given is not None:
            rows = rows.filter(engagement__armed_group=given)
        self.offer(
            "dossiers", rows.order_by("engagement__armed_group__name", "norm")[:MOST_CHOICES]
        )
        for number in range(1, ROWS + 1):
            self.fields |= _clause_fields(number)

    def label_of(self, row: Any) -> str:
        group, ngo = row.engagement.armed_group.name, row.engagement.ngo.name
        return f"{group}, {CODES['norms'].label(row.norm)} ({ngo})"

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("source_reference") and not told.get("source_kind"):
            self.add_error("source_kind", "Say what kind of source this is.")
        for number in range(1, ROWS + 1):
            if told.get(f"clause_{number}") and not told.get(f"clause_{number}_norm"):
                self.add_error(f"clause_{number}_norm", "Choose the topic of this clause.")
        return told

    def content(self) -> CommitmentContent:
        told = self.cleaned_data
        plain = ("instrument", "status", "signed_on", "verification", "conditions")
        return CommitmentContent(
            title=told["name"],
            dossiers=tuple(self._offered["dossiers"][pk] for pk in told["dossiers"]),
            norms=tuple(told["norms"]),
            clauses=tuple(self._clauses()),
            sources=tuple(self._sources()),
            level=self.wanted_level,
            **{name: told[name] for name in plain},
        )

    def _clauses(self) -> Iterable[ClauseContent]:
        for number in range(1, ROWS + 1):
            if said := self.cleaned_data[f"clause_{number}"]:
                norm, duty = (self.cleaned_data[f"clause_{number}_{x}"] for x in ("norm", "duty"))
                yield ClauseContent(norm=norm, obligation=duty, text=said)

    def _sources(self) -> Iterable[SourceContent]:
        told = self.cleaned_data
        if told["source_reference"]:
            yield SourceContent(
                kind=told["source_kind"],
                reference=told["source_reference"],
                grade=told["source_grade"],
            )


def _clause_fields(number: int) -> dict[str, forms.Field]:
    norms = [("", "topic"), *codes(CODES, "norms")]
    return {
        f"clause_{number}": words(f"Clause {number}", 2000),
        f"clause_{number}_norm": pick(f"Topic of clause {number}", norms, required=False),
        f"clause_{number}_duty": pick(
            f"Duty of clause {number}", codes(CODES, "clause_obligations"), initial="do_not"
        ),
    }


def as_uuid(value: str) -> UUID | None:
    try:
        return UUID(value)
    except ValueError:
        return None
