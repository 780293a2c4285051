"""Numbers of the method as a reader redoes them: four decimals, the same in every language."""

from __future__ import annotations

from django import template

register = template.Library()


@register.filter
def four(value: float | None) -> str:
    """0.2844827 as "0.2845"; empty for none."""
    return "" if value is None else f"{value:.4f}"


@register.filter
def plain(value: float | None) -> str:
    """A parameter as it was set: 2.0 as "2", 0.35 as "0.35"; empty for none."""
    return "" if value is None else f"{value:.10g}"


@register.filter
def percent(value: float) -> str:
    """A share of 1 as "35 %" or "3.89 %"."""
    return f"{round(100 * value, 2):g} %"


@register.filter
def moved(value: float | None) -> str:
    """Points with their sign: "+8.08", "−0.85"; empty for none."""
    return "" if value is None else f"{value:+.2f}".replace("-", "−")


@register.filter
def part(value: float) -> str:
    """A part of a sum of points, to three decimals: "+5.075", "−0.290"."""
    return f"{value:+.3f}".replace("-", "−")
