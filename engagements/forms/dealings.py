"""Open an engagement, and a dossier in it."""

from __future__ import annotations

from typing import Any

from actors.access import groups_visible_to, ngos_visible_to
from engagements.access import dossiers_visible_to
from engagements.details import CODES
from engagements.forms.entry import (
    MOST_CHOICES,
    Entry,
    PartialField,
    as_uuid,
    codes,
    contexts_for,
    pick,
)
from engagements.models import Engagement
from records.models.records import CURRENT


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
        self.offer("context", contexts_for(self.viewer, "engagement"))

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
