"""When a person last looked at their home page: what moved is told from there on."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone

from accounts.models import User

FIRST_LOOK_BACK = timedelta(days=30)


def note_visit(user: User) -> datetime:
    """Note that the person is here now; from when on they have not seen what moved."""
    now = timezone.now()
    before = user.home_seen_at or now - FIRST_LOOK_BACK
    User.objects.filter(pk=user.pk).update(home_seen_at=now)
    return before
