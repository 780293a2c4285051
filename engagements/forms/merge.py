"""Two people corrected one meeting: what goes together by itself, and what somebody must choose."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engagements.forms.answers import Answers
from engagements.forms.told import ROWS, pieces

MINE, THEIRS, BOTH = "mine", "theirs", "both"
_LISTS = ("levels", "topics")


@dataclass(frozen=True)
class Merge:
    """Three versions of the answers: what both started from, mine, and what is stored now."""

    base: Answers
    mine: Answers
    theirs: Answers

    def disputed(self) -> list[str]:
        """The pieces that both changed, each to something else."""
        base, mine, theirs = pieces(self.base), pieces(self.mine), pieces(self.theirs)
        return [
            piece
            for piece in {**mine, **theirs, **base}
            if mine.get(piece) != theirs.get(piece)
            and mine.get(piece) != base.get(piece)
            and theirs.get(piece) != base.get(piece)
        ]

    def changed_by_them(self) -> list[str]:
        """The pieces that only they changed: they stand by themselves."""
        base, theirs = pieces(self.base), pieces(self.theirs)
        disputed = self.disputed()
        return [
            piece
            for piece in {**theirs, **base}
            if theirs.get(piece) != base.get(piece) and piece not in disputed
        ]

    def merged(self, choices: dict[str, str]) -> Answers:
        """The answers with each disputed piece as chosen ("mine" where nothing was said)."""
        base, mine, theirs = pieces(self.base), pieces(self.mine), pieces(self.theirs)
        whole: Answers = {}
        for piece in {**mine, **theirs}:
            choice = choices.get(piece, MINE) if piece in self.disputed() else ""
            if choice == BOTH:
                whole |= _both(piece, mine.get(piece, {}), theirs.get(piece, {}))
            elif choice == THEIRS or (not choice and mine.get(piece) == base.get(piece)):
                whole |= theirs.get(piece, {})
            else:
                whole |= mine.get(piece, {})
        return whole


def joinable(piece: str, values: Answers) -> bool:
    """True where both versions can stand: texts, lists, rows."""
    return piece in ("summary", *_LISTS, *ROWS) or any(len(given) > 1 for given in values.values())


def _both(piece: str, mine: Answers, theirs: Answers) -> Answers:
    if piece in ROWS:
        return mine | _renumbered(piece, theirs, start=_rows_in(mine))
    joined: Answers = {}
    for name in {**theirs, **mine}:
        given = [*theirs.get(name, []), *mine.get(name, [])]
        joined[name] = (
            list(dict.fromkeys(given)) if piece in _LISTS else ["\n".join(dict.fromkeys(given))]
        )
    return joined


def _rows_in(answers: Answers) -> int:
    return max((int(name.split("-")[1]) + 1 for name in answers), default=0)


def _renumbered(piece: str, answers: Answers, *, start: int) -> Answers:
    pattern = re.compile(rf"{piece}-(\d+)-(\w+)")
    moved: Answers = {}
    for name, given in answers.items():
        match = pattern.fullmatch(name)
        if match:
            moved[f"{piece}-{start + int(match[1])}-{match[2]}"] = given
    return moved
