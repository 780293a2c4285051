"""How the tests open the page of a correction and send it back."""

from __future__ import annotations

import html
import re
from typing import Any

from tests.engagements.reading_pages import plain

Sent = dict[str, Any]
TEXTAREA = r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>'
SELECT = r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>'


def held(answer: Any) -> Sent:
    """What the form on the page would send as it stands."""
    found = re.search(r'<form method="post"[^>]*class="stack.*?</form>', _source(answer), re.S)
    assert found is not None, answer.status_code
    form = re.sub(r"<template>.*?</template>", "", found.group(), flags=re.S)
    sent: dict[str, list[str]] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        told = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if told.get("type") in ("radio", "checkbox") and " checked" not in tag:
            continue
        if "name" in told:
            ticked = "on" if told.get("type") == "checkbox" else ""
            sent.setdefault(told["name"], []).append(html.unescape(told.get("value", ticked)))
    for name, inner in re.findall(
        r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form, re.S
    ):
        sent.setdefault(name, []).append(html.unescape(inner).lstrip("\n"))
    for name, inner in re.findall(SELECT, form, re.S):
        chosen = re.search(r'<option value="([^"]*)"[^>]*\bselected', inner)
        sent.setdefault(name, []).append(html.unescape(chosen.group(1)) if chosen else "")
    sent.pop("csrfmiddlewaretoken", None)
    return sent


def _source(answer: Any) -> str:
    return str(answer.content.decode())


def corrected(client: Any, address: str, **changed: Any) -> Any:
    """Open the page of the correction, change these answers, send it."""
    return client.post(address, held(client.get(address)) | changed)


def says(answer: Any) -> str:
    """The words of a page, whatever its status."""
    return plain(_source(answer))
