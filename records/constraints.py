"""What to tell a person when a rule of the database refused a row.

Constraints are named as sentences, "<table>_<rule in words>", so the name nearly says it. The
database's own message is never passed on: PostgreSQL prints the refused row in it.
"""

from __future__ import annotations

import re

from django.db import IntegrityError

_PATTERNS = [
    (r"(.+)_is_on_its_list", "Choose one of the codes on the list."),
    (r"(.+)_is_partial_date", "Write a date as 2024-05-17, or 2024-05 or 2024 if less is known."),
    (r"(.*grade)_is_a_grade", "Write a grade as one letter A-F and one figure 1-6, like B2."),
    (r"level_is_1_to_4", "A level is 1, 2, 3 or 4."),
    (r"level_fits_its_list", "What is on the reference list, outside any context, has level 1."),
    (r"ends_after_it_begins", "The end lies before the beginning. Check both dates."),
]
_FIELDS = {"ends_after_it_begins": "to", "level_is_1_to_4": "level", "level_fits_its_list": "level"}


def broken_rule(error: IntegrityError) -> tuple[str, str]:
    """(field or "", sentence) for a row that the database refused."""
    name = constraint_name(error)
    if name is None:
        return "", "There is already such a record, or something it names is gone."
    return rule_in_words(name)


def constraint_name(error: IntegrityError) -> str | None:
    """The name of the constraint, where the engine tells it."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        name: str | None = diagnosis.constraint_name
        return name
    found = re.search(r"CHECK constraint failed: (\w+)", str(error))
    return found.group(1) if found else None


def rule_in_words(name: str) -> tuple[str, str]:
    """(field or "", sentence) for a constraint's name.

    >>> rule_in_words("ngoservice_service_is_on_its_list")
    ('service', 'Choose one of the codes on the list.')
    >>> rule_in_words("interaction_held_has_its_six_answers")
    ('', 'A rule of the register refused this: held has its six answers.')
    """
    _table, _, rule = name.partition("_")
    for pattern, sentence in _PATTERNS:
        match = re.fullmatch(pattern, rule)
        if match:
            field = match.group(1) if match.groups() else _FIELDS[rule]
            return field.strip("_"), sentence
    if name.endswith(("_uniq", "_pkey", "_key")) or "_fk_" in name:
        return "", "There is already such a record, or something it names is gone."
    return "", f"A rule of the register refused this: {rule.replace('_', ' ')}."
