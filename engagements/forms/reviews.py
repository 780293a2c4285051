"""What somebody found when they looked again."""

from __future__ import annotations

from django import forms

from engagements.forms.entry import pick
from scorecards.models.reviews import CODES, OPEN
from scorecards.services.reviews import LONGEST


class ReviewForm(forms.Form):
    """Answers in; `cleaned_data` has the names of the service that closes a task."""

    use_required_attribute = False

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1, max_value=10**6)
    progress = pick(
        "How it ended",
        [(code, label) for code, label in CODES["review_progress"].choices() if code != OPEN],
        widget=forms.RadioSelect,
        initial="done",
    )
    note = forms.CharField(
        label="What you found",
        help_text="Sealed. No names.",
        max_length=LONGEST,
        widget=forms.Textarea,
        error_messages={"required": "Say what you found, in a few words."},
    )
