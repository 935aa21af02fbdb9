"""What an attack is, what it is aimed at, and what is watched while it runs.

A file per section, a function per attack: `@attack(section)` on an async function that takes the Target, and returns
what it found, or None when the service held.
"""

import asyncio
import importlib
import pkgutil
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import tests.attack

from ledger.database import Database

# Against one that never ends; what an attack asks hundreds of times takes minutes on a busy machine.
SECONDS = 480.0
# A bystander asks this often, and may wait this long: on a machine that is busy otherwise, a pause proves little.
PULSE_SECONDS, PATIENCE_SECONDS = 0.1, 15.0


class NotTried(Exception):
    """What is attacked lacks something that the attack needs; the message says what."""


@dataclass(frozen=True)
class Inside:
    """What an attack that started the services itself may look at: their database, and where they keep files."""

    database: Database
    files: Path


@dataclass(frozen=True)
class Target:
    """One service, or several on one database; tokens by role, of whom `organisation` may import tables."""

    services: Sequence[httpx2.AsyncClient]
    tokens: Mapping[str, str]
    programme: str = "beijing-2010"
    inside: Inside | None = None

    @property
    def own(self) -> Inside:
        """Raises NotTried where the services belong to somebody else."""
        if self.inside is None:
            raise NotTried("only against services that the attack starts")
        return self.inside

    def headers(self, role: str | None, language: str = "en") -> dict[str, str]:
        """Of nobody for None."""
        return {"Accept-Language": language} | ({"Authorization": f"Bearer {self.tokens[role]}"} if role else {})

    async def get(self, path: str, role: str | None = None, service: int = 0, **query: Any) -> httpx2.Response:
        return await self.services[service].get(path, params=query, headers=self.headers(role))

    async def send(
        self, path: str, content: bytes, role: str | None, service: int = 0, headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        said = self.headers(role) | dict(headers or {})
        return await self.services[service].post(path, content=content, headers=said)

    async def organisation(self, identifier: str) -> str:
        """Its id. Raises NotTried where it is not registered."""
        found = await self.get("/v1/organisations", identifier=identifier)
        if not (known := found.json().get("organisations")):
            raise NotTried("the organisation is not registered here")
        return str(known[0]["id"])


Run = Callable[[Target], Awaitable[str | None]]


@dataclass(frozen=True)
class Attack:
    section: int
    run: Run

    @property
    def name(self) -> str:
        return getattr(self.run, "__name__", "?").replace("_", " ")


@dataclass(frozen=True)
class Result:
    """`finding`: None when the service held. `skipped`: why it was not tried."""

    attack: Attack
    finding: str | None
    seconds: float
    skipped: str | None = None


ATTACKS: list[Attack] = []


def attack(section: int) -> Callable[[Run], Run]:
    def register(run: Run) -> Run:
        ATTACKS.append(Attack(section, run))
        return run

    return register


def all_attacks(sections: Sequence[int] = ()) -> list[Attack]:
    """Of these sections, or of all, from every module of this package."""
    for module in pkgutil.iter_modules(tests.attack.__path__, "tests.attack."):
        if not module.name.endswith("__main__"):
            importlib.import_module(module.name)
    found = [one for one in ATTACKS if not sections or one.section in sections]
    return sorted(found, key=lambda one: one.section)


async def run_attacks(target: Target, attacks: Sequence[Attack]) -> list[Result]:
    """One after the other. That others are answered meanwhile, and all services afterwards, is asked of each."""
    return [await _run(target, one) for one in attacks]


async def _run(target: Target, attack: Attack) -> Result:
    began = time.monotonic()
    skipped = None
    bystanders = [asyncio.create_task(_longest_wait(service)) for service in target.services]
    try:
        async with asyncio.timeout(SECONDS):
            finding = await attack.run(target)
    except NotTried as error:
        finding, skipped = None, str(error)
    except (httpx2.HTTPError, TimeoutError) as error:
        finding = f"no answer: {type(error).__name__}"
    waits = []
    for bystander in bystanders:
        bystander.cancel()
        with suppress(asyncio.CancelledError):
            waits.append(await bystander)
    if finding is None and (longest := max(waits, default=0.0)) > PATIENCE_SECONDS:
        finding = f"bystanders waited {longest:.1f} s"
    return Result(attack, finding or await _stopped(target), time.monotonic() - began, skipped)


async def _longest_wait(service: httpx2.AsyncClient) -> float:
    """Until it is cancelled."""
    longest = 0.0
    began = time.monotonic()
    try:
        while True:
            began = time.monotonic()
            await service.get("/healthz")
            longest = max(longest, time.monotonic() - began)
            await asyncio.sleep(PULSE_SECONDS)
    except httpx2.HTTPError:
        return float("inf")
    except asyncio.CancelledError:
        return max(longest, time.monotonic() - began - PULSE_SECONDS)


async def _stopped(target: Target) -> str | None:
    for service in target.services:
        try:
            answer = await service.get("/readyz")
        except httpx2.HTTPError as error:
            return f"{service.base_url} is gone: {type(error).__name__}"
        if answer.status_code != 200 or answer.json()["status"] != "ready":
            return f"{service.base_url} is not ready any more: {answer.text[:200]}"
    return None


def unlike(answer: httpx2.Response, *expected: tuple[int, str | None]) -> str | None:
    """What is wrong with an answer that should be one of these, by status and code."""
    code = None
    if answer.headers.get("content-type") == "application/problem+json":
        code = answer.json()["code"]
    if any(answer.status_code == status and wanted in (None, code) for status, wanted in expected):
        return None
    return f"{answer.status_code} {code or ''}: {answer.text[:160]}"
