"""One spelling of what people write in many: for searching, and for numbers that found an identity.

Unicode's compatibility form (NFKC) makes one of widths, compositions and ligatures; OpenCC's tables make traditional
characters and their variants simplified ones. Each character is looked up alone: the spelling of a part is then a part
of the spelling of the whole, which a search for a part needs and tables of phrases would break.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Annotated

from opencc import OpenCC
from pydantic import AfterValidator
from pydantic_core import PydanticCustomError

from ledger.values import Line

# Middle dots between the parts of a name, which keyboards and fonts tell apart and readers do not.
_DOTS = dict.fromkeys(map(ord, "•・‧∙⋅･●"), "·") | {ord("〇"): "零"}
_HAN = re.compile("[\u2e80-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_SPACES = re.compile(r"\s+")
_AROUND_CODES = re.compile(r"[\s\-‐‑–—·.。]+")
_ENDING = "。.,，、;；"


class _Simplified(dict[int, str]):
    """For `str.translate`: a character is converted when it is first met."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        found = _converter().convert(character) if _HAN.match(character) else character
        self[code] = found
        return found


@lru_cache(maxsize=1)
def _converter() -> OpenCC:
    return OpenCC("t2s")


_SIMPLIFIED = _Simplified()


def _one_form(text: str) -> str:
    """Without what nobody sees: format characters such as a zero-width space or a mark of direction."""
    composed = unicodedata.normalize("NFKC", text)
    if not composed.isprintable():
        composed = "".join(one for one in composed if unicodedata.category(one) != "Cf")
    return composed.translate(_DOTS).translate(_SIMPLIFIED)


def _visible(text: str) -> str:
    if any(unicodedata.category(one) == "Cf" for one in text):
        raise PydanticCustomError(
            "invisible_character", "a name holds no character that nobody sees or that turns the direction of the text"
        )
    return text


VisibleName = Annotated[Line, AfterValidator(_visible)]


def search_form(text: str) -> str:
    """What a text is searched as, and what is searched for."""
    return _one_form(_SPACES.sub(" ", _one_form(text).casefold()))


def code_form(text: str) -> str:
    """Of a code of letters and digits, in groups or not: capital letters, nothing between them."""
    return _AROUND_CODES.sub("", _one_form(text)).upper()


def number_form(text: str) -> str:
    """Of a registration or filing number, as its certificate reads."""
    return _SPACES.sub("", _one_form(text)).rstrip(_ENDING)
