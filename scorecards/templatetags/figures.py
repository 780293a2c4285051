"""Numbers of the method as a reader redoes them: four decimals, the same in every language."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def four(value: float | None) -> str:
    """0.2844827 as "0.2845"; empty for none."""
    return "" if value is None else f"{value:.4f}"
