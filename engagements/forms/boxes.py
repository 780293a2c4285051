"""Boxes to tick, lists and lines, drawn without a template each.

The meeting form has some three hundred of them: a template for every one took longer than all
the rest of the page.
"""

from __future__ import annotations

from typing import Any

from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString


def _input(widget: dict[str, Any]) -> SafeString:
    attributes = {"type": widget["type"], "name": widget["name"]}
    if widget["value"] is not None:
        attributes["value"] = str(widget["value"])
    return format_html("<input{}>", flatatt({**attributes, **widget["attrs"]}))


class _Ticks:
    """The boxes of a group of chips, each drawn for itself by the page's parts."""

    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        if "wrap_label" in context["widget"]:
            return _input(context["widget"])
        return super()._render(template_name, context, renderer)  # type: ignore[misc]


class OneTick(_Ticks, forms.RadioSelect):
    pass


class SeveralTicks(_Ticks, forms.CheckboxSelectMultiple):
    pass


class Line(forms.TextInput):
    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        return _input(context["widget"])


class OpenList(forms.Select):
    def _render(self, template_name: str, context: dict[str, Any], renderer: Any = None) -> Any:
        widget = context["widget"]
        groups = format_html_join(
            "", "{}", ((_group(name, options),) for name, options, _ in widget["optgroups"])
        )
        attributes = flatatt({"name": widget["name"], **widget["attrs"]})
        return format_html("<select{}>{}</select>", attributes, groups)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    lines = format_html_join("", "{}", ((_option(option),) for option in options))
    return format_html('<optgroup label="{}">{}</optgroup>', name, lines) if name else lines


def _option(option: dict[str, Any]) -> SafeString:
    attributes = flatatt({"value": str(option["value"]), **option["attrs"]})
    return format_html("<option{}>{}</option>", attributes, option["label"])
