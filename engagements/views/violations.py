"""The violations side of a dossier's page, with the periods that its reader picked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone

from accounts.access import may_in
from engagements.forms.periods import PeriodsForm
from engagements.models import Dossier
from engagements.selectors.violations_panel import first_quarter, violations_side
from engagements.views.doors import Shown, SignedIn


def violations_shown(request: SignedIn, found: Dossier, card: Mapping[str, Any]) -> Shown:
    """Periods that cannot be compared get their sentence, and the usual ones are shown."""
    told = request.GET if any(name in request.GET for name in PeriodsForm.base_fields) else None
    form = PeriodsForm(told, first=first_quarter(card), today=timezone.localdate())
    picked = form.periods() if form.is_valid() else None
    ground = urlencode(
        {"armed_group": found.engagement.armed_group_id, "context": found.context_id}
    )
    return {
        "violations": violations_side(request.viewer, found, card, picked),
        "periods": form,
        "incidents_url": f"{reverse('incidents')}?dossier={found.pk}",
        "watching_url": f"{reverse('observations')}?{ground}",
        "watch_url": f"{reverse('new_observation')}?{ground}",
        "may_watch": may_in(request.viewer, "c", "observation", found.context_id),
    }
