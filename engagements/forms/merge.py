"""Two people corrected one record: what goes together by itself, and what somebody must choose."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from engagements.forms.answers import Answers

MINE, THEIRS, BOTH = "mine", "theirs", "both"


@dataclass(frozen=True)
class Shape:
    """How the answers of a form fall into pieces: what a person would choose as one.

    `piece_of` gives the piece of an answer by its name (None: no part of the record); of rows,
    lists and texts both versions can stand.
    """

    piece_of: Callable[[str], str | None]
    rows: tuple[str, ...]
    lists: tuple[str, ...]
    texts: tuple[str, ...]

    def pieces(self, answers: Answers) -> dict[str, Answers]:
        """The answers by piece."""
        found: dict[str, Answers] = {}
        for name, given in answers.items():
            piece = self.piece_of(name)
            if piece is not None:
                found.setdefault(piece, {})[name] = given
        return found

    def joinable(self, piece: str, values: Answers) -> bool:
        """True where both versions can stand: texts, lists, rows."""
        several = any(len(given) > 1 for given in values.values())
        return piece in (*self.texts, *self.lists, *self.rows) or several


@dataclass(frozen=True)
class Merge:
    """Three versions of the answers: what both started from, mine, and what is stored now."""

    base: Answers
    mine: Answers
    theirs: Answers
    shape: Shape

    def disputed(self) -> list[str]:
        """The pieces that both changed, each to something else."""
        base, mine, theirs = map(self.shape.pieces, (self.base, self.mine, self.theirs))
        return [
            piece
            for piece in {**mine, **theirs, **base}
            if mine.get(piece) != theirs.get(piece)
            and mine.get(piece) != base.get(piece)
            and theirs.get(piece) != base.get(piece)
        ]

    def changed_by_them(self) -> list[str]:
        """The pieces that only they changed: they stand by themselves."""
        base, theirs = map(self.shape.pieces, (self.base, self.theirs))
        disputed = self.disputed()
        return [
            piece
            for piece in {**theirs, **base}
            if theirs.get(piece) != base.get(piece) and piece not in disputed
        ]

    def merged(self, choices: dict[str, str]) -> Answers:
        """The answers with each disputed piece as chosen ("mine" where nothing was said)."""
        base, mine, theirs = map(self.shape.pieces, (self.base, self.mine, self.theirs))
        whole: Answers = {}
        for piece in {**mine, **theirs}:
            choice = choices.get(piece, MINE) if piece in self.disputed() else ""
            if choice == BOTH:
                whole |= self._both(piece, mine.get(piece, {}), theirs.get(piece, {}))
            elif choice == THEIRS or (not choice and mine.get(piece) == base.get(piece)):
                whole |= theirs.get(piece, {})
            else:
                whole |= mine.get(piece, {})
        return whole

    def _both(self, piece: str, mine: Answers, theirs: Answers) -> Answers:
        if piece in self.shape.rows:
            return _rows_of_both(piece, mine, theirs)
        joined: Answers = {}
        for name in {**theirs, **mine}:
            both = (theirs.get(name, []), mine.get(name, []))
            given = list(dict.fromkeys(one for each in both for one in each))
            several = piece in self.shape.lists or any(len(each) > 1 for each in both)
            joined[name] = given if several else ["\n".join(given)]
        return joined


def _rows_of_both(piece: str, mine: Answers, theirs: Answers) -> Answers:
    """My rows, and those of theirs that say something else."""
    own, whole = _by_number(piece, mine), dict(mine)
    place = max(own, default=-1) + 1
    for row in _by_number(piece, theirs).values():
        if row not in own.values():
            whole |= {f"{piece}-{place}-{question}": given for question, given in row.items()}
            place += 1
    return whole


def _by_number(piece: str, answers: Answers) -> dict[int, Answers]:
    found: dict[int, Answers] = {}
    for name, given in answers.items():
        if match := re.fullmatch(rf"{piece}-(\d+)-(\w+)", name):
            found.setdefault(int(match[1]), {})[match[2]] = given
    return found
