"""How far the scorecard fits a kind of group (section 1.2): said wherever a card is shown."""

from __future__ import annotations

from actors.models.reference import CODES


def card_validity(structure: str) -> tuple[str, str]:
    """How far the scorecard fits such a group: full, partial, weak or unknown; and in words.

    It was written for a centralised command; in others rules and orders bind only in part.
    """
    validity = str(CODES["group_structures"][structure].extra["card_validity"])
    return validity, CODES["card_validities"].label(validity)
