"""What the tests send over the API: one good body per noun, to be changed in one place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models.functions import Now
from django.utils import timezone

from engagements.tasks import sweep_jobs
from records.models import Job
from tests.cast import Api, Cast

Body = dict[str, Any]


def day(before: int = 0) -> str:
    """Today, or so many days before."""
    return (timezone.localdate() - timedelta(days=before)).isoformat()


def engagement(cast: Cast, **more: Any) -> Body:
    body = {"ngo": cast.ngo.pk, "armed_group": cast.group.pk, "context": cast.valdoria.pk}
    return {**_text(body), "status": "active", **more}


def dossier(cast: Cast, **more: Any) -> Body:
    return {"engagement": str(cast.engagement.pk), "norm": "N11", **more}


def plan(cast: Cast, **more: Any) -> Body:
    return {
        "engagement": str(cast.engagement.pk),
        "planned_on": day(-7),
        "place": "The mill",
        "objective": "Hear how the order was received",
        **more,
    }


def meeting(cast: Cast, **more: Any) -> Body:
    return {
        "engagement": str(cast.engagement.pk),
        "held_on": day(2),
        "type": "norm",
        "channel": "voice",
        "highest_level": "L2",
        "outcome": 2,
        **more,
    }


def claim(interaction: str, **more: Any) -> Body:
    told = {"kind": "promise", "side": "theirs", "text": "They will read the order out"}
    return {"interaction": interaction, **told, **more}


def follow_up(interaction: str, **more: Any) -> Body:
    return {"interaction": interaction, "what": "Send the text", **more}


def commitment(cast: Cast, **more: Any) -> Body:
    return {
        "dossiers": [str(cast.dossier.pk)],
        "instrument": "COC",
        "title": "Code of conduct",
        "status": "signed",
        "signed_on": day(30),
        "norms": ["N11"],
        "clauses": [{"norm": "N11", "obligation": "do_not", "text": "Nobody under 18"}],
        "sources": [{"kind": "agreement_text", "reference": "Copy handed over", "grade": "B2"}],
        **more,
    }


def incident(cast: Cast, **more: Any) -> Body:
    return {
        **_text({"context": cast.valdoria.pk, "armed_group": cast.group.pk}),
        "category": "murder",
        "occurred_on": day(20),
        "standard": "credible",
        **more,
    }


def observation(cast: Cast, **more: Any) -> Body:
    return {
        **_text({"context": cast.valdoria.pk, "armed_group": cast.group.pk}),
        "quarter": "2026-07",
        "location_months": 4.5,
        **more,
    }


def assessment(cast: Cast, **more: Any) -> Body:
    ratings = [{"criterion": "D1", "rating": 2, "grade": "B2"}]
    return {"dossier": str(cast.dossier.pk), "as_of": day(), "ratings": ratings, **more}


def blocker(cast: Cast, **more: Any) -> Body:
    return {"dossier": str(cast.dossier.pk), "reason": "unsafe", "note": "Shelling", **more}


def recompute() -> None:
    """Do all recomputes that are waited for; those of a burst are due at once, not in a second."""
    Job.objects.filter(state=Job.State.WAITING).update(due_at=Now())
    sweep_jobs()
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def _text(ids: dict[str, Any]) -> Body:
    return {name: str(pk) for name, pk in ids.items()}


def saved(api: Api, path: str, body: Body) -> Body:
    """The record that was made of this body."""
    answer = api.post(path, body)
    assert answer.status_code == 201, answer.content
    return answer.json()


def every_noun(cast: Cast) -> dict[str, Body]:
    """One record of each noun, made by Amina: address of its list -> the record."""
    api = cast.amina.api()
    rows = {"interactions": saved(api, "interactions/", meeting(cast))}
    held = rows["interactions"]["id"]
    rows["engagements"] = api.get(f"engagements/{cast.engagement.pk}/").json()
    rows["dossiers"] = saved(api, "dossiers/", dossier(cast))
    rows["plans"] = saved(api, "plans/", plan(cast))
    rows["claims"] = saved(api, "claims/", claim(held))
    rows["follow-ups"] = saved(api, "follow-ups/", follow_up(held))
    rows["commitments"] = saved(api, "commitments/", commitment(cast))
    rows["incidents"] = saved(api, "incidents/", incident(cast))
    rows["observations"] = saved(api, "observations/", observation(cast))
    rows["assessments"] = saved(api, "assessments/", assessment(cast))
    rows["blockers"] = saved(api, "blockers/", blocker(cast))
    return rows


def refused(answer: Any) -> dict[str, str]:
    """Field -> sentence of a 400."""
    assert answer.status_code == 400, answer.content
    return {row["field"]: row["message"] for row in answer.json()["errors"]}
