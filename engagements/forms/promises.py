"""What became of a promise, and of what was to be done."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.access import Viewer
from engagements.access import interactions_visible_to
from engagements.details import CODES
from engagements.forms import choices
from engagements.forms.entry import Entry, codes, pick, text
from engagements.models import Claim, FollowUp
from records.models.records import CURRENT

MOST_MEETINGS = 100


class SettleForm(Entry):
    correcting = "What became of it?"
    asks_why = False
    renamed = {"settled_by": "by"}
    state = pick("It was", codes(CODES, "claim_states"), widget=forms.RadioSelect)
    by = pick("Shown by the meeting", (), required=False, help_text="Needed for kept and broken.")

    def prepare(self) -> None:
        meetings = interactions_visible_to(self.viewer).filter(
            engagement=self.record.interaction.engagement_id, held=True, state=CURRENT
        )
        found = list(meetings.order_by("-held_on_first", "-id")[:MOST_MEETINGS])
        by = self.record.settled_by
        if by is not None and by not in found:
            found += meetings.filter(pk=by.pk)
        self.offer("by", found, empty="no meeting")

    def label_of(self, row: Any) -> str:
        return f"{row.held_on}, {row.get_type_display().lower()}"

    @property
    def about(self) -> str:
        return str(self.record.text)

    @classmethod
    def said_of(cls, viewer: Viewer, record: Claim) -> dict[str, Any]:
        return {"state": record.settlement, "by": record.settled_by_id}


class CloseForm(Entry):
    correcting = "What became of it?"
    asks_why = False
    state = pick("It is", codes(CODES, "follow_up_states"), widget=forms.RadioSelect)
    done_on = choices.day("Done on", help_text="Today, if left open.")
    done_note = text("What was done", help_text="Sealed. Needed to close it.")

    @property
    def about(self) -> str:
        return str(self.record.what)

    @classmethod
    def said_of(cls, viewer: Viewer, record: FollowUp) -> dict[str, Any]:
        told = {name: getattr(record, name) for name in ("done_on", "done_note")}
        return told | {"state": record.progress}
