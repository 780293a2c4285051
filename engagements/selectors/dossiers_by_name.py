"""The dossiers that somebody sees scored, in the order of their names: for lists of links."""

from __future__ import annotations

from accounts.access import Viewer
from engagements.details import CODES
from engagements.models import Dossier
from engagements.selectors.scores import standings_visible_to

MOST = 500


def dossiers_by_name(viewer: Viewer) -> list[tuple[Dossier, str]]:
    """Each with its topic in words; one statement."""
    rows = standings_visible_to(viewer).order_by(
        "dossier__engagement__armed_group__name",
        "dossier__engagement__ngo__name",
        "dossier__norm",
        "dossier__pk",
    )
    found = (standing.dossier for standing in rows.defer(*_RESULTS)[:MOST])
    return [(dossier, CODES["norms"].label(dossier.norm)) for dossier in found]


_RESULTS = ("scorecard__result", "success_factors__result")
