"""The card of a meeting to come."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from engagements.details import CODES
from engagements.forms.choices import choices_of, day, line, pick, several, text
from engagements.models import Engagement, Plan
from engagements.services.plans import PlanContent, plan_content


class PlanForm(forms.Form):
    """Answers in, PlanContent out. The engagement is chosen once and stays."""

    use_required_attribute = False

    engagement = pick("With which armed group", [], "choose")
    planned_on = day("On which day")
    place = line("Where", 1000)
    objective = text("What we want, the most important first", 4000)
    offer = text("What we offer", 4000)
    bottom_line = text("The most we can concede", 4000)
    red_lines = text("Red lines from the mandator", 4000)
    objections = several("Objections expected", choices_of(CODES["objections"], without=["none"]))
    stakeholder_1 = line("A person to sway, by role", 1000)
    stakeholder_2 = line("Another one", 1000)
    speaker = line("Who speaks (a role, no name)", 1000)
    level = pick("Level", [(str(level), str(level)) for level in (1, 2, 3, 4)], "as the group's")
    reason = line("Why you change it", 500)

    def __init__(
        self, *args: Any, engagements: list[Engagement], plan: Plan | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.plan = plan
        self.engagements = {str(row.pk): row for row in engagements}
        self.fields["engagement"].choices = [  # type: ignore[attr-defined]
            ("", "choose"),
            *(
                (pk, f"{row.armed_group.name}, {row.ngo.name}")
                for pk, row in self.engagements.items()
            ),
        ]
        if plan is None:
            del self.fields["reason"]
        else:
            del self.fields["engagement"]

    def clean(self) -> None:
        if self.plan is None and not self.cleaned_data.get("engagement"):
            self.add_error("engagement", "Choose the armed group.")
        if not self.cleaned_data.get("planned_on") and "planned_on" not in self.errors:
            self.add_error("planned_on", "Say on which day.")

    def content(self) -> PlanContent:
        said = dict(self.cleaned_data)
        chosen = said.pop("engagement", "")
        engagement = self.plan.engagement if self.plan else self.engagements[chosen]
        swayed = (said.pop("stakeholder_1"), said.pop("stakeholder_2"))
        said.pop("reason", None)
        return PlanContent(
            engagement=engagement,
            stakeholders=tuple(filter(None, swayed)),
            objections=tuple(said.pop("objections")),
            level=int(said.pop("level") or 0) or None,
            state=self.plan.progress if self.plan else "planned",
            compared=self.plan.compared if self.plan else "",
            **said,
        )

    def add_refusal(self, refusal: ValidationError) -> None:
        """Put what the service said beside the fields."""
        by_field = refusal.message_dict if hasattr(refusal, "error_dict") else {}
        for name, sentences in by_field.items():
            asked = "stakeholder_1" if name == "stakeholders" else name
            self.add_error(asked if asked in self.fields else None, sentences)
        if not by_field:
            self.add_error(None, refusal.messages)


def said_of(plan: Plan) -> dict[str, Any]:
    """What the form shows of a stored plan."""
    content = plan_content(plan)
    sway = [*content.stakeholders, "", ""]
    return {
        "planned_on": content.planned_on,
        "place": content.place,
        "objective": content.objective,
        "offer": content.offer,
        "bottom_line": content.bottom_line,
        "red_lines": content.red_lines,
        "objections": list(content.objections),
        "stakeholder_1": sway[0],
        "stakeholder_2": sway[1],
        "speaker": content.speaker,
        "level": str(content.level),
    }
