"""What the resources of engagements share: withdrawing, restoring and asking for deletion."""

from __future__ import annotations

from typing import Any, ClassVar

from accounts.access import Viewer
from accounts.api.guarded import GuardedResource
from engagements.services.changes import Noun


class RegisterResource(GuardedResource):
    """A guarded record whose changes of state are those of its noun."""

    noun: ClassVar[Noun[Any]]

    def may(self, viewer: Viewer, verb: str, record: Any = None) -> bool:
        return super().may(viewer, self.noun.verb if verb == "d" else verb, record)

    def withdraw(self, viewer: Viewer, record: Any, *, reason: str) -> Any:
        return self.noun.withdraw(viewer, record.pk, reason=reason)

    def restore(self, viewer: Viewer, record: Any, *, reason: str) -> Any:
        return self.noun.restore(viewer, record.pk, reason=reason)

    def delete(self, viewer: Viewer, record: Any, *, reason: str) -> Any:
        return self.noun.delete(viewer, record.pk, reason=reason)
