"""The form of a draft weight set: percentages, shares, half-lives, and why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from engagements.forms.choices import line, text
from records.codes import load
from scorecards.services.weights import (
    LONGEST_HALF_LIFE,
    LONGEST_RATIONALE,
    MOST_KAPPA,
    MOST_SHARE,
    WeightContent,
)

DIMENSIONS = load("scorecards")["dimensions"]
FACTOR_LISTS = load("scorecards", "factors.toml")
BUNDLES, FACTORS = FACTOR_LISTS["bundles"], FACTOR_LISTS["factors"]

# Prefix of a group of fields -> the part of the content that it fills.
PARTS = {"bundle": "bundles", "dimension": "dimensions", "share": "factors", "half": "half_lives"}
OF_HUNDRED = ("bundle", "dimension")


class WeightSetForm(forms.Form):
    """Answers in, WeightContent out. Which codes there are comes from the set that is edited."""

    use_required_attribute = False

    version = line("Version", 20, help_text="Three numbers, such as 1.1.0.")
    rationale = text("Why", LONGEST_RATIONALE, rows=3)

    def __init__(self, *args: Any, content: WeightContent, **kwargs: Any) -> None:
        kwargs.setdefault("initial", said_of(content))
        super().__init__(*args, **kwargs)
        self.parts = {
            "bundle": list(content.bundles),
            "dimension": list(content.dimensions),
            "share": list(content.factors),
            "half": list(content.half_lives),
        }
        for code in content.bundles:
            self.fields[f"bundle_{code}"] = _number(BUNDLES[code].label(), 0, 100, 1)
        for code in content.dimensions:
            self.fields[f"dimension_{code}"] = _number(DIMENSIONS[code].label(), 0, 100, 1)
        for code in content.factors:
            label = f"{code} {FACTORS[code].label()}"
            self.fields[f"share_{code}"] = _number(label, 0, MOST_SHARE, 0.25, shown_to=4)
        for code in content.half_lives:
            named = DIMENSIONS if code in DIMENSIONS else FACTORS
            label = named[code].label() if code in DIMENSIONS else f"{code} {named[code].label()}"
            self.fields[f"half_{code}"] = _number(label, 1, LONGEST_HALF_LIFE, 1, shown_to=60)
        self.fields["kappa"] = _number("Prior strength κ", 0.01, MOST_KAPPA, 0.25, shown_to=8)
        self.fields["rho"] = _number("Correlation ρ", 0, 1, 0.05)
        self.fields["slack"] = _number("Slack λ", 0, 1, 0.05)

    def clean(self) -> None:
        for prefix in OF_HUNDRED:
            names = self._names(prefix)
            given = [self.cleaned_data.get(name) for name in names]
            numbers = [value for value in given if value is not None]
            if len(numbers) == len(names) and abs(math.fsum(numbers) - 100) > 1e-7:
                total = f"{math.fsum(numbers):.6g}"
                self.add_error(
                    names[0],
                    f"The {len(names)} together make {total} %, not 100 %. "
                    "Change one, or scale them to 100.",
                )
        if not self.cleaned_data.get("rationale", "").strip() and "rationale" not in self.errors:
            self.add_error("rationale", "Say why: whoever reads a score under this set will ask.")

    def content(self) -> WeightContent:
        said = self.cleaned_data
        parts: dict[str, Mapping[str, float]] = {
            part: {
                code: said[f"{prefix}_{code}"] / (100 if prefix in OF_HUNDRED else 1)
                for code in self.parts[prefix]
            }
            for prefix, part in PARTS.items()
        }
        return WeightContent(
            version=said["version"],
            rationale=said["rationale"],
            bundles=parts["bundles"],
            dimensions=parts["dimensions"],
            factors=parts["factors"],
            half_lives=parts["half_lives"],
            kappa=said["kappa"],
            rho=said["rho"],
            slack=said["slack"],
        )

    def add_refusal(self, refusal: ValidationError) -> None:
        """Put what the service said beside the fields."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal.messages)
            return
        for name, sentences in refusal.message_dict.items():
            prefix = next((prefix for prefix, part in PARTS.items() if part == name), None)
            asked = self._names(prefix)[0] if prefix else name
            self.add_error(asked if asked in self.fields else None, sentences)

    def sections(self) -> list[dict[str, Any]]:
        """The fields as the page groups them: a title, what it means, whether they make a hundred,
        and whether something is wrong there.
        """
        found = self._sections()
        return [one | {"wrong": any(field.errors for field in one["fields"])} for one in found]

    def _sections(self) -> list[dict[str, Any]]:
        return [
            self._section("bundle", "Weights of the bundles", "Shares of the score, in %."),
            *(
                {
                    "title": f"Factors: {bundle.label().lower()}",
                    "hint": "Shares inside the bundle, relative to each other: 2 counts twice as "
                    "much as 1, 0 not at all.",
                    "fields": [
                        self[f"share_{code}"]
                        for code in self.parts["share"]
                        if FACTORS[code].extra["bundle"] == bundle.code
                    ],
                }
                for bundle in BUNDLES
            ),
            self._section("dimension", "Weights of the dimensions", "Shares of the index, in %."),
            {
                "title": "How facts combine",
                "hint": "κ: how many facts' worth of doubt a factor starts with. ρ: how far "
                "factors err together. λ: how far a dimension may stand above its neighbours.",
                "fields": [self["kappa"], self["rho"], self["slack"]],
            },
            self._section("half", "Half-lives, in months", "After this time a fact weighs half."),
        ]

    def _section(self, prefix: str, title: str, hint: str) -> dict[str, Any]:
        fields = [self[name] for name in self._names(prefix)]
        return {"title": title, "hint": hint, "fields": fields, "sums": prefix in OF_HUNDRED}

    def _names(self, prefix: str) -> list[str]:
        return [f"{prefix}_{code}" for code in self.parts[prefix]]


def _number(
    label: str, least: float, most: float, step: float, *, shown_to: float | None = None
) -> forms.FloatField:
    """A number to type; with a script a slider stands beside it, from `least` to `shown_to`."""
    slider = {
        "data-slider-min": f"{0 if least < 1 else least:g}",
        "data-slider-max": f"{shown_to or most:g}",
        "data-slider-step": f"{step:g}",
    }
    return forms.FloatField(
        label=label,
        min_value=least,
        max_value=most,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"} | slider),
        error_messages={
            "required": "Write a number.",
            "invalid": "Write a number, such as 12.5.",
            "min_value": f"Not below {least:g}.",
            "max_value": f"Not above {most:g}.",
        },
    )


def said_of(content: WeightContent) -> dict[str, Any]:
    """What the form shows of a set."""
    told: dict[str, Any] = {"version": content.version, "rationale": content.rationale}
    for prefix, part in PARTS.items():
        times = 100 if prefix in OF_HUNDRED else 1
        for code, value in getattr(content, part).items():
            told[f"{prefix}_{code}"] = _shown(value * times)
    for name in ("kappa", "rho", "slack"):
        told[name] = _shown(getattr(content, name))
    return told


def scaled(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent, with each of the groups that make a hundred stretched or shrunk to it."""
    told = dict(sent.items())
    for prefix in OF_HUNDRED:
        names = [name for name in told if name.startswith(f"{prefix}_")]
        for name, share in _of_hundred(names, told):
            told[name] = share
    return told


def _of_hundred(names: list[str], told: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """Hundredths of a percent, whose last one takes what rounding left over."""
    try:
        numbers = [float(told[name]) for name in names]
    except ValueError:
        return []
    total = math.fsum(numbers)
    if not math.isfinite(total) or total <= 0 or min(numbers) < 0:
        return []
    shares = [round(10_000 * number / total) for number in numbers]
    largest = shares.index(max(shares))
    shares[largest] += 10_000 - sum(shares)
    return [(name, _shown(share / 100)) for name, share in zip(names, shares, strict=True)]


def _shown(value: float) -> str:
    return f"{value:.10g}"
