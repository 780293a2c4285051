"""Which NGOs, armed groups, facts and counterparts a viewer may see: one queryset for each."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from accounts.access import Viewer, visible, visible_reference
from actors.models import ArmedGroup, ContextFact, Counterpart, Ngo, NgoService


def ngos_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Ngo]:
    return visible_reference(viewer, Ngo.objects.all(), verb=verb)


def groups_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[ArmedGroup]:
    return visible_reference(viewer, ArmedGroup.objects.all(), verb=verb)


def facts_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[ContextFact]:
    """Facts of contexts. One that names a group is shown where the group may be seen too."""
    rows = visible(viewer, ContextFact.objects.all(), verb=verb)
    return rows.filter(Q(armed_group=None) | Q(armed_group__in=groups_visible_to(viewer)))


def services_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[NgoService]:
    return visible(viewer, NgoService.objects.all(), verb=verb)


def counterparts_visible_to(viewer: Viewer, *, verb: str = "r") -> QuerySet[Counterpart]:
    """Counterparts by code, where their armed group may be seen too."""
    rows = visible(viewer, Counterpart.objects.all(), verb=verb)
    return rows.filter(armed_group__in=groups_visible_to(viewer))
