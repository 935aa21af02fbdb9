"""What an outsider sees: every public answer and the log, and what of them tells withheld events apart."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

import httpx2

NOBODY = "00000000-0000-4000-8000-000000000000"
# These follow from the size of the log, which the checkpoint shows anyway.
GROWS = re.compile(r"^/(log/|healthz)|^/v1/feed/stream$")
# Made of the same rows as others, and slow to make.
WHOLE = re.compile(r"\.(xlsx|parquet|pdf|zip)$|/archive$")
# The pages are not in the description of the API.
PAGES = ("/", "/embed", "/projects/{project_id}", "/programmes/{programme}/briefing", "/programmes/{programme}/honours",
         "/certificates/{project_id}/{version}", "/feed.atom", "/feed.json", "/metrics", "/readyz")  # fmt: skip
# Kept of the headers: what may depend on data.
TOLD = ("content-type", "etag", "ledger-position", "cache-control", "vary", "link", "allow", "retry-after")
# The last event may be told by its hour.
HOUR = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:00(:00(\.0+)?)?(Z|\+00:00)?")
NUMBERS = re.compile(r"(?<![\w.-])(\d+)(?![\w-])", re.ASCII)
CURSORS = re.compile(r'("(?:next_cursor|next_after|next|cursor)":")[^"]+(")|((?:cursor|after)=)[\w%-]+')


@dataclass(frozen=True)
class Place:
    """What is asked about: the projects and organisations that everybody knows."""

    programme: str
    projects: Sequence[str]
    organisations: Sequence[str]

    def paths(self, template: str) -> list[str]:
        """The template with each of them, and with a project that there is not."""
        wide: Mapping[str, Sequence[str]] = {
            "project_id": [*self.projects, NOBODY],
            "organisation_id": self.organisations,
            "programme": [self.programme],
            "version": ["1", "8"],
            "honour": ["top-ten"],
            "table": ["projects", "organisations", "money", "history"],
        }
        found = [template]
        for name in re.findall(r"{(\w+)", template):
            found = [re.sub(rf"{{{name}[^}}]*}}", one, path, count=1) for path in found for one in wide.get(name, ())]
        return found


@dataclass(frozen=True)
class Entry:
    """One of the log, and what is told about its payload."""

    position: int
    said: dict[str, Any]
    told: dict[str, Any]

    @property
    def is_withheld(self) -> bool:
        return "event" in self.said and "payload" not in self.told


@dataclass(frozen=True)
class Seen:
    """All public answers by path, as of a position."""

    known: int
    answers: Mapping[str, str]


class Observer:
    """Asks without a token."""

    def __init__(self, http: httpx2.AsyncClient, place: Place) -> None:
        self.http, self.place = http, place

    async def get(self, path: str, **query: Any) -> httpx2.Response:
        return await self.http.get(path, params=query, headers={"Accept-Language": "en"})

    async def templates(self) -> dict[str, bool]:
        """Every GET route, and whether it takes `known_at`."""
        paths = (await self.get("/openapi.json")).json()["paths"]
        described = {
            path: any(one["name"] == "known_at" for one in methods["get"].get("parameters", ()))
            for path, methods in paths.items()
            if "get" in methods and not GROWS.match(path) and not WHOLE.search(path)
        }
        return described | dict.fromkeys(PAGES, False)

    async def everything(self, known_at: int | None = None) -> Seen:
        """Each answer; with a position, of those that take one."""
        known = (await self.size()) - 1 if known_at is None else known_at
        answers = {}
        for template, takes_time in (await self.templates()).items():
            if known_at is not None and not takes_time:
                continue
            for path in self.place.paths(template):
                answer = await self.get(path, **({} if known_at is None else {"known_at": known_at}))
                answers[path] = _told(answer)
        return Seen(known, answers)

    async def size(self) -> int:
        return int(json.loads((await self.get("/readyz")).text)["size"])

    async def caught_up(self) -> int:
        """The size that all read models have seen and the log has signed: /readyz tells both."""
        while True:
            told = (await self.get("/readyz")).json()
            lag = any(one.get("lag") for one in told.values() if isinstance(one, dict))
            if not lag and told["log"]["size"] == told["size"]:
                return int(told["size"])

    async def entries(self) -> list[Entry]:
        """The log as far as it is signed, with its bundles of payloads."""
        size = int((await self.get("/log/checkpoint")).text.split("\n")[1])
        found: list[Entry] = []
        for part in range(0, size, 256):
            width = min(256, size - part)
            name = f"{part // 256:03}" + ("" if width == 256 else f".p/{width}")
            said, told = [(await self.get(f"/log/{kind}/{name}")).content for kind in ("tile/entries", "payloads")]
            lines = [json.loads(line) for line in told.splitlines()]
            found += [Entry(one["position"], one, lines[n]) for n, one in enumerate(_split(said))]
        return found


def _split(bundle: bytes) -> Iterable[dict[str, Any]]:
    while bundle:
        length = int.from_bytes(bundle[:2])
        yield json.loads(bundle[2 : 2 + length])
        bundle = bundle[2 + length :]


def _told(answer: httpx2.Response) -> str:
    headers = [f"{name}: {answer.headers[name]}" for name in TOLD if name in answer.headers]
    return "\n".join([str(answer.status_code), *headers, HOUR.sub("…", CURSORS.sub(r"\1\3…\2", answer.text))])


def changed(before: Seen, after: Seen) -> set[str]:
    """The answers that differ in more than the position that they are as of. An ETag stands for its answer, and may
    differ with it."""
    return {
        path
        for path in before.answers.keys() | after.answers.keys()
        if not _alike(before.answers.get(path, ""), after.answers.get(path, ""), after.known - before.known)
    }


def _alike(before: str, after: str, grown: int) -> bool:
    if grown:
        before, after = [re.sub(r"(?m)^etag: .*$", "", text) for text in (before, after)]
    if before == after:
        return True
    old, new = NUMBERS.split(before), NUMBERS.split(after)
    return len(old) == len(new) and all(
        a == b or (a.isdigit() and b.isdigit() and int(b) - int(a) == grown) for a, b in zip(old, new, strict=True)
    )


def features(entry: Entry) -> tuple[str, ...]:
    """What tells entries apart without their position and hour."""
    tag, event = entry.said.get("tag", ""), entry.said.get("event", "")
    shape = ",".join(f"{name}:{len(str(value))}" for name, value in entry.said.items() if name != "position")
    return (shape, ",".join(sorted(entry.told)), tag[:1], event[:1], tag[-1:], event[-1:])


def p_value(rows: Sequence[tuple[str, ...]], labels: Sequence[str], random: Random, rounds: int = 400) -> float:
    """How often labels that are dealt at random are guessed as well as the true ones, by the majority among all other
    entries with the same value, at the feature that does best."""

    def guessed(said: Sequence[str]) -> int:
        return max(_right([row[number] for row in rows], said) for number in range(len(rows[0])))

    true, dealt, better = guessed(labels), list(labels), 0
    for _ in range(rounds):
        random.shuffle(dealt)
        better += guessed(dealt) >= true
    return (better + 1) / (rounds + 1)


def _right(values: Sequence[str], labels: Sequence[str]) -> int:
    together = Counter(zip(values, labels, strict=True))
    overall = Counter(labels)
    right = 0
    for value, label in zip(values, labels, strict=True):
        others = {other: number - (other == label) for (of, other), number in together.items() if of == value}
        best = max(others, key=lambda other: (others[other], overall[other]))
        right += best == label and others[best] > 0
    return right
