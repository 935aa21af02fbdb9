"""Taking a text out of a recorded event, for every reader and every date; of any stream, not only of projects.

What may go are words: free text, and those lines that are names or headings. Amounts, dates, decisions and the keys by
which things find each other stay. A passage is replaced by a mark and by nothing else, so that redaction takes words
away and puts none into anybody's mouth.
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, get_args, get_type_hints

from pydantic import BaseModel

from ledger.core.envelope import Event, Recorded, Redacted, Replacement
from ledger.core.redacted import replacement_of, within
from ledger.facts import FACT
from ledger.refusals.general import CorrectionTargetUnknown
from ledger.refusals.storage import RedactionNotPossible
from ledger.values import Label, Text

# As long as the shortest passage, so that what is left never becomes too long.
MARK = "█"
LATE_REASON = "late_reason"


def redact(
    events: Sequence[Recorded], target: int, texts: Mapping[str, Sequence[str]], *, reason: str, authority: str
) -> Redacted:
    """The event at version `target` without the passages of `texts`, by the path of their text; without passages, the
    whole text goes. What was redacted before is redacted further."""
    if not 1 <= target <= len(events):
        raise CorrectionTargetUnknown(target=target)
    found = events[target - 1]
    replacement = _without(found, texts)
    if found.redaction is None:
        return Redacted(target=target, replacement=replacement, reason=reason, authority=authority)
    # The newest holds what is read now, so that is what must no longer be read.
    newest = next(one for one in events if one.position == found.redaction.by)
    whole = within(newest.event, target, replacement)
    return Redacted(target=newest.version, replacement=whole, reason=reason, authority=authority)


def _without(found: Recorded, texts: Mapping[str, Sequence[str]]) -> Replacement:
    event = found.event
    there = dict(texts_of(event))
    stored = event.fact.model_dump(mode="json")
    late_reason = event.late_reason
    for path, passages in texts.items():
        if path not in there:
            raise _not_possible(event, f"{path} 不是可删除的文字。", f"{path} is no text of it that can go.")
        left = _masked(there[path], passages)
        if left is None:
            raise _not_possible(event, f"{path} 中没有要删除的文字。", f"{path} does not hold what is to go.")
        if path == LATE_REASON:
            late_reason = left
        else:
            _put(stored, path.split("."), left)
    return replacement_of(event, fact=FACT.validate_python(stored), late_reason=late_reason)


def _masked(text: str, passages: Sequence[str]) -> str | None:
    """The text without the passages, or None when there is nothing to take out of it."""
    if not passages:
        return None if text == MARK else MARK
    if any(passage == MARK or passage not in text for passage in passages):
        return None
    # The longest first: one may be a part of another.
    for passage in sorted(passages, key=len, reverse=True):
        text = text.replace(passage, MARK)
    return text


def texts_of(event: Event) -> Iterator[tuple[str, str]]:
    """What can go, by its path: `form.content`, `form.support.0.reason`, or `late_reason` for that of the event."""
    if event.late_reason is not None:
        yield LATE_REASON, event.late_reason
    yield from _texts_within(event.fact, "")


def _texts_within(value: Any, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, Replacement):
        # Told by its own version.
        return
    if isinstance(value, BaseModel):
        for name, words in _fields(type(value)):
            inner = getattr(value, name)
            if words and isinstance(inner, str):
                yield path + name, inner
            else:
                yield from _texts_within(inner, f"{path}{name}.")
    elif isinstance(value, tuple):
        for number, inner in enumerate(value):
            yield from _texts_within(inner, f"{path}{number}.")


@cache
def _fields(model: type[BaseModel]) -> tuple[tuple[str, bool], ...]:
    """The fields of a model, and whether each holds words."""
    hints = get_type_hints(model, include_extras=True)
    return tuple((name, _is_words(hints[name])) for name in model.model_fields)


def _is_words(hint: Any) -> bool:
    kinds = (hint, *get_args(hint))
    return Text in kinds or Label in kinds


def _put(stored: Any, path: Sequence[str], text: str) -> None:
    *before, last = path
    for step in before:
        stored = stored[int(step) if isinstance(stored, list) else step]
    stored[last] = text


def _not_possible(event: Event, zh: str, en: str) -> RedactionNotPossible:
    return RedactionNotPossible(type=event.fact.type, why_zh=zh, why_en=en)
