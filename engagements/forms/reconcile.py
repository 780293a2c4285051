"""The forms with which two raters end what they differ on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from engagements.forms.assessments import anchors_of
from engagements.forms.entry import grade, pick, text
from records.codes import Code, load

PROGRESS = load("scorecards")["review_progress"]
CHOOSE = "Choose what you agree on."


class AgreeForm(forms.Form):
    """`rating` 0-4 by the anchors of the criterion, `grade` and `note`."""

    use_required_attribute = False

    def __init__(self, sent: Any = None, *, criterion: Code) -> None:
        super().__init__(sent, prefix="agreed")
        anchors = anchors_of(criterion)
        self.fields |= {
            "rating": pick("What you agree on", anchors, widget=forms.RadioSelect),
            "grade": grade("Grade, where nothing is linked", required=False),
            "note": text("Note (sealed)"),
        }
        self.fields["rating"].error_messages["required"] = CHOOSE


class CloseForm(forms.Form):
    """`progress`: looked at, or no longer needed; `note` says what was found."""

    use_required_attribute = False

    def __init__(self, sent: Any = None) -> None:
        super().__init__(sent, prefix="closed")
        ends: Sequence[tuple[Any, str]] = [c for c in PROGRESS.choices() if c[0] != "open"]
        self.fields |= {
            "progress": pick("How it ends", ends, widget=forms.RadioSelect),
            "note": text("What you found (sealed)"),
        }
