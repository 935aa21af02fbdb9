"""A draw of beneficiaries or occasions, recomputed from what is listed and the announced value (docs/sampling.md)."""

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from minsheng_verify.faults import Fault


@dataclass(frozen=True, slots=True)
class Draw:
    value: str
    seed: str
    drawn: int
    size: int


def check_draw(answer: Any) -> Draw:
    """`answer`: what the service says of a project's sample frame. Raises Fault."""
    try:
        frame, sample = answer["frame"], answer["sample"]
        if sample is None:
            raise Fault("nothing was drawn from this frame yet")
        entries = _of_occasions(frame["occasions"]) if "occasions" in frame else frame["entries"]
        share, least = frame["share"], frame["least"]
        stated = frame["digest"], sample["value"], sample["seed"], sample["drawn"]
    except (KeyError, TypeError) as error:
        raise Fault("this is not the answer of a sample-frame address: a frame or sample is missing in it") from error
    if not _are_texts(entries) or not _are_texts(stated[3]) or type(share) is not int or type(least) is not int:
        raise Fault("this is not the answer of a sample-frame address: its fields have other types")
    digest, value, seed, drawn = stated
    if entries != sorted(set(entries)):
        raise Fault("the frame is not in ascending order, or names someone twice")
    computed = _digest("".join(f"{entry}\n" for entry in entries))
    if computed != digest:
        raise Fault(f"the frame was changed: its entries have the digest {computed}, it states {digest}")
    expected_seed = _digest(f"{digest}{value}")
    if seed != expected_seed:
        raise Fault(f"the seed does not follow from frame and announced value: it should be {expected_seed}")
    count = min(len(entries), max(least, -(-share * len(entries) // 100)))
    expected = sorted(entries, key=lambda entry: _digest(f"{seed}{entry}"))[:count]
    if drawn != expected:
        raise Fault(_difference(drawn, expected))
    return Draw(value, seed, count, len(entries))


def _of_occasions(occasions: list[dict[str, Any]]) -> list[str]:
    """What is drawn of each, made from what is said of it."""
    entries = []
    for one in occasions:
        said = ("minsheng/occasion/v1", *(str(one[name]) for name in ("name", "on", "place", "expected")))
        entry = _digest("\0".join(said))
        if entry != one["entry"]:
            raise Fault(f"the occasion {one['name']} has the entry {entry}, the list states {one['entry']}")
        entries.append(entry)
    return entries


def _difference(drawn: list[str], expected: list[str]) -> str:
    if len(drawn) != len(expected):
        return f"{len(drawn)} were drawn instead of {len(expected)}"
    place = next(i for i, (one, other) in enumerate(zip(drawn, expected, strict=True)) if one != other)
    return f"number {place + 1} of the sample is {drawn[place]}, by the announced value it should be {expected[place]}"


def _are_texts(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _digest(text: str) -> str:
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
