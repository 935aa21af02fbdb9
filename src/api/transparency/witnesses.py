"""Asks the witnesses of the policy to cosign a checkpoint (C2SP tlog-witness, add-checkpoint).

A witness may be faulty, slow or hostile. No answer is believed without a signature, and each has a time limit; so only
too few cosignatures, or a signature of ours on another history, keep the log from being published.
"""

import asyncio
import logging
import re
import ssl
import time
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import NoReturn

import httpx2

from ledger.transparency.cosigning import OwnLog, QuorumMissing, WitnessAhead, WitnessDisagrees, Witnesses
from ledger.transparency.notes import Checkpoint, Note, NoteWrong, Verifier, signatures
from ledger.transparency.witness_policy import Policy, PolicyWrong, Witness

log = logging.getLogger(__name__)

# For all that one witness is asked for one checkpoint, to the last byte.
SECONDS = 5.0
# What is enough is not kept waiting for by those who are slow.
LINGER_SECONDS = 0.3
# How long one that cannot be reached is left alone, when it is not needed.
LEFT_ALONE_SECONDS = 30.0
LARGEST_ANSWER = 100_000
_SIZE = re.compile(r"(0|[1-9][0-9]{0,17})\n")


@dataclass(frozen=True)
class Answer:
    status: int
    body: str


class NotCosigned(Exception):
    """The witness did not cosign; the message says why."""


@dataclass
class HttpWitnesses:
    """`_sizes`: what each has seen last, by a signature that was verified here. `_silent`: until when each is left
    alone. `_tried`: those that were once given all their time, since one of them may know of a history that was lost.
    `_proving`: those that are being asked for evidence of another history."""

    policy: Policy
    seconds: float = SECONDS
    _sizes: dict[str, int] = field(default_factory=dict)
    _silent: dict[str, float] = field(default_factory=dict)
    _tried: set[str] = field(default_factory=set)
    _proving: set[str] = field(default_factory=set)
    _tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def cosign(self, note: str, size: int, own: OwnLog) -> str:
        now = time.monotonic()
        asked = [one for one in self.policy.witnesses.values() if one.url and self._silent.get(one.name, 0.0) <= now]
        if not self.policy.is_met_by([one.verifier for one in asked]):
            # Nobody can be left alone then.
            asked = [one for one in self.policy.witnesses.values() if one.url]
        # One after the other, since all of them read through one connection.
        gate = asyncio.Lock()

        async def proof(old: int) -> Sequence[bytes]:
            async with gate:
                return await own.proof(old)

        async def root(older: int) -> bytes:
            async with gate:
                return await own.root(older)

        guarded = OwnLog(own.verifiers, proof, root)
        lines: dict[Verifier, str] = {}
        async with httpx2.AsyncClient(verify=self._tls, follow_redirects=False, timeout=self.seconds) as client:
            tasks = {asyncio.create_task(self._ask(client, one, note, size, guarded)): one for one in asked}
            try:
                await self._collect(tasks, lines)
            finally:
                for task in tasks:
                    task.cancel()
                await asyncio.gather(*tasks, return_exceptions=True)
        if not self.policy.is_met_by(lines):
            raise QuorumMissing(f"{len(lines)} of {len(self.policy.witnesses)} witnesses cosigned, which is too few")
        return "".join(lines[one.verifier] for one in self.policy.witnesses.values() if one.verifier in lines)

    async def _collect(self, tasks: dict["asyncio.Task[str]", Witness], lines: dict[Verifier, str]) -> None:
        pending = set(tasks)
        while pending:
            needed = any(tasks[one].name not in self._tried or tasks[one].name in self._proving for one in pending)
            linger = self.policy.is_met_by(lines) and not needed
            done, pending = await asyncio.wait(
                pending, timeout=LINGER_SECONDS if linger else None, return_when=asyncio.FIRST_COMPLETED
            )
            # One that has begun to answer with evidence meanwhile is waited for after all.
            if not done and not any(tasks[one].name in self._proving for one in pending):
                return
            for task in done:
                self._take(tasks[task], task, lines)

    def _take(self, witness: Witness, task: "asyncio.Task[str]", lines: dict[Verifier, str]) -> None:
        self._tried.add(witness.name)
        try:
            lines[witness.verifier] = task.result()
            self._silent.pop(witness.name, None)
        except NotCosigned as error:
            log.warning("the witness %s did not cosign: %s", witness.name, error)
            self._silent[witness.name] = time.monotonic() + LEFT_ALONE_SECONDS

    async def _ask(self, client: httpx2.AsyncClient, witness: Witness, note: str, size: int, own: OwnLog) -> str:
        """Its signature line. Raises NotCosigned, WitnessAhead, WitnessDisagrees."""
        try:
            async with asyncio.timeout(self.seconds):
                return await self._negotiate(client, witness, note, size, own)
        except TimeoutError as error:
            raise NotCosigned(f"it takes more than {self.seconds:g} seconds") from error
        finally:
            self._proving.discard(witness.name)

    async def _negotiate(self, client: httpx2.AsyncClient, witness: Witness, note: str, size: int, own: OwnLog) -> str:
        old = self._sizes.get(witness.name, 0)
        if old > size:
            raise WitnessAhead(witness.name, old)
        for _ in range(3):
            body = f"old {old}\n{_lines(await own.proof(old))}\n{note}"
            answer = await _request(client, "POST", f"{witness.url}/add-checkpoint", body)
            if answer.status == 200:
                cosignature = _cosignature(witness, note, answer.body)
                self._sizes[witness.name] = size
                return cosignature
            if answer.status not in (409, 422):
                raise NotCosigned(f"it answers {answer.status}")
            seen = _SIZE.fullmatch(answer.body) if answer.status == 409 else None
            if answer.status == 409 and seen is None:
                raise NotCosigned("it does not say what it has seen")
            if seen is None or int(seen[1]) > size or int(seen[1]) == old:
                await self._prove(client, witness, note, size, own)
            else:
                old = int(seen[1])
        raise NotCosigned("it changes its mind about what it has seen")

    async def _prove(self, client: httpx2.AsyncClient, witness: Witness, note: str, size: int, own: OwnLog) -> NoReturn:
        """It says that it has seen another history: the checkpoint of ours that it serves to monitors must show it."""
        self._proving.add(witness.name)
        origin = Checkpoint.parse(Note.parse(note).text).origin
        answer = await _request(client, "GET", f"{witness.url}/{sha256(origin.encode()).hexdigest()}/checkpoint", "")
        try:
            if answer.status != 200:
                raise NoteWrong(f"the answer is {answer.status}")
            shown = Note.parse(answer.body)
            checkpoint = Checkpoint.parse(shown.text)
            if checkpoint.origin != origin or not shown.verified_by(own.verifiers):
                raise NoteWrong("no key of this log signed it")
        except NoteWrong as wrong:
            raise NotCosigned(f"it claims another history and shows no checkpoint of it: {wrong}") from wrong
        if checkpoint.size > size:
            self._sizes[witness.name] = checkpoint.size
            raise WitnessAhead(witness.name, checkpoint.size)
        if checkpoint.root != await own.root(checkpoint.size):
            raise WitnessDisagrees(witness.name)
        raise NotCosigned("it claims another history, but what it shows is the beginning of this one")


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(b64encode(one).decode() + "\n" for one in hashes)


def _cosignature(witness: Witness, note: str, body: str) -> str:
    """The witness's own line of the answer, verified."""
    text = note.rpartition("\n\n")[0] + "\n"
    try:
        for one in signatures(body):
            if Note(text, (one,)).verified_by([witness.verifier]):
                return one.line
    except NoteWrong as error:
        raise NotCosigned(str(error)) from error
    raise NotCosigned("its answer holds no signature of its key")


async def _request(client: httpx2.AsyncClient, method: str, url: str, body: str) -> Answer:
    # Not decompressed: a few bytes can expand to gigabytes.
    headers = {"Content-Type": "text/plain", "Accept-Encoding": "identity"}
    found = b""
    try:
        async with client.stream(method, url, content=body.encode(), headers=headers) as response:
            async for part in response.aiter_raw():
                found += part
                if len(found) > LARGEST_ANSWER:
                    raise NotCosigned("its answer is too long")
            return Answer(response.status_code, _read(found))
    except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
        raise NotCosigned(f"it cannot be reached: {type(error).__name__}") from error


def _read(body: bytes) -> str:
    with suppress(UnicodeDecodeError):
        return body.decode()
    return ""


def witnesses_of(file: Path | None) -> Witnesses | None:
    """Those of a policy file. Raises PolicyWrong."""
    if file is None:
        return None
    try:
        policy = Policy.parse(file.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise PolicyWrong(f"{file} cannot be read: {error}") from error
    except PolicyWrong as error:
        raise PolicyWrong(f"{file}, {error}") from error
    reachable = [one.verifier for one in policy.witnesses.values() if one.url]
    if not policy.is_met_by(reachable):
        raise PolicyWrong(f"{file}: the witnesses with an address are too few for the quorum")
    return HttpWitnesses(policy)


def keys_of(witnesses: Witnesses | None) -> tuple[Verifier, ...]:
    """What others hold their cosignatures against."""
    return tuple(witnesses.policy.verifiers) if isinstance(witnesses, HttpWitnesses) else ()
