"""What stands in the form before anything is typed."""

from __future__ import annotations

from datetime import date

from engagements.forms.answers import Answers, answers_of
from engagements.forms.readings import proposed
from engagements.models import Interaction, Plan
from engagements.services.content import MeetingContent


def first_answers(
    *,
    today: date,
    level: int,
    last: Interaction | None,
    plan: Plan | None = None,
    cancelled: bool = False,
) -> Answers:
    """A new meeting: today, as last time; never an answer that could pass for an observation."""
    day = min(plan.planned_on, today.isoformat()) if plan else today.isoformat()
    answers = {
        "held_on": [day],
        "date_precision": ["day"],
        "grade_source": ["B"],
        "grade_content": ["2"],
        "level": [str(level)],
    }
    carried = {
        "channel": last.channel if last else "",
        "place_country": last.place_country if last else "",
        "place_admin1": last.place_admin1 if last else "",
        "plan": str(plan.pk) if plan else "",
        "not_held": "on" if cancelled else "",
    }
    return answers | {name: [value] for name, value in carried.items() if value}


def answers_to_correct(content: MeetingContent) -> Answers:
    """What a correction starts from: the stored answers, with the readings as they were left."""
    return marked(answers_of(content))


def marked(answers: Answers) -> Answers:
    """The answers with their proposals noted as seen: only what changes from here on follows."""
    seen = {f"reading-{factor}-proposed": [rating] for factor, rating in proposed(answers).items()}
    return answers | seen
