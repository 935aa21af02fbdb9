"""Search terms for Chinese and English without an extension: single characters, pairs of characters, words.

A `tsvector` of terms finds candidates by an index; the text itself is then asked, since pairs alone would
also find texts that hold them in another order. Both are in one spelling (`ledger/one_spelling.py`).
"""

import itertools
import operator
import re

from ledger.one_spelling import search_form

PIECE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]+|[^\W_\u3400-\u9fff\uf900-\ufaff]+")
LONGEST_TERM = 60


def _is_han(piece: str) -> bool:
    return "\u3400" <= piece[0] <= "\u9fff" or "\uf900" <= piece[0] <= "\ufaff"


def terms(text: str) -> set[str]:
    """What a text can be found by."""
    found: set[str] = set()
    for piece in PIECE.findall(search_form(text)):
        if _is_han(piece):
            found.update(piece)
            found.update(map(operator.add, piece, piece[1:]))
        else:
            found.add(piece[:LONGEST_TERM])
    return found


def vector(text: str) -> str:
    """A `tsvector` literal; terms hold letters and digits only, so nothing needs escaping."""
    found = "' '".join(terms(text))
    return f"'{found}'" if found else ""


def query(asked: str) -> str:
    """A `tsquery` literal: all of the terms, words by their beginning. Empty when nothing can be searched."""
    parts = []
    for piece in PIECE.findall(search_form(asked)):
        if not _is_han(piece):
            parts.append(f"'{piece[:LONGEST_TERM]}':*")
        elif len(piece) == 1:
            parts.append(f"'{piece}'")
        else:
            parts.extend(f"'{a}{b}'" for a, b in itertools.pairwise(piece))
    return " & ".join(parts)


def like_patterns(asked: str) -> list[str]:
    """For the recheck: each Chinese run must stand in the text as it is."""
    return [f"%{piece}%" for piece in PIECE.findall(search_form(asked)) if _is_han(piece) and len(piece) > 2]
