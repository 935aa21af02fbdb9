"""Asks the witnesses of the policy to cosign a checkpoint (C2SP tlog-witness, add-checkpoint)."""

import asyncio
import logging
import re
import time
import urllib.request
from base64 import b64encode
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError

from ledger.log.cosigning import Proof, QuorumMissing, WitnessAhead, WitnessDisagrees, Witnesses
from ledger.log.note import Note, NoteWrong, Signature, Verifier, signatures
from ledger.log.policy import Policy, PolicyWrong, Witness

log = logging.getLogger(__name__)

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
    """`_sizes`: what each has seen last, as far as is known here. `_silent`: until when each is left alone."""

    policy: Policy
    seconds: float = SECONDS
    _sizes: dict[str, int] = field(default_factory=dict)
    _silent: dict[str, float] = field(default_factory=dict)

    async def cosign(self, note: str, size: int, proof: Proof) -> str:
        now = time.monotonic()
        asked = [one for one in self.policy.witnesses.values() if one.url and self._silent.get(one.name, 0.0) <= now]
        if not self.policy.is_met_by([one.verifier for one in asked]):
            # Nobody can be left alone then.
            asked = [one for one in self.policy.witnesses.values() if one.url]
        # One after the other, since all of them read through one connection.
        gate = asyncio.Lock()

        async def guarded(old: int) -> Sequence[bytes]:
            async with gate:
                return await proof(old)

        tasks = {asyncio.create_task(self._ask(one, note, size, guarded)): one for one in asked}
        lines: dict[Verifier, str] = {}
        try:
            pending = set(tasks)
            while pending:
                enough = self.policy.is_met_by(lines)
                done, pending = await asyncio.wait(
                    pending,
                    timeout=LINGER_SECONDS if enough else None,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if not done:
                    break
                for task in done:
                    self._take(tasks[task], task, lines)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        if not self.policy.is_met_by(lines):
            raise QuorumMissing(f"{len(lines)} of {len(self.policy.witnesses)} witnesses cosigned, which is too few")
        return "".join(lines[one.verifier] for one in self.policy.witnesses.values() if one.verifier in lines)

    def _take(self, witness: Witness, task: "asyncio.Task[str]", lines: dict[Verifier, str]) -> None:
        try:
            lines[witness.verifier] = task.result()
            self._silent.pop(witness.name, None)
        except NotCosigned as error:
            log.warning("the witness %s did not cosign: %s", witness.name, error)
            self._silent[witness.name] = time.monotonic() + LEFT_ALONE_SECONDS

    async def _ask(self, witness: Witness, note: str, size: int, proof: Proof) -> str:
        """Its signature line. Raises NotCosigned, WitnessAhead, WitnessDisagrees."""
        old = self._sizes.get(witness.name, 0)
        if old > size:
            raise WitnessAhead(witness.name, old)
        for _ in range(3):
            body = f"old {old}\n{_lines(await proof(old))}\n{note}"
            answer = await asyncio.to_thread(_post, f"{witness.url}/add-checkpoint", body, self.seconds)
            if answer.status == 200:
                self._sizes[witness.name] = size
                return _cosignature(witness, note, answer.body)
            if answer.status == 422:
                raise WitnessDisagrees(witness.name)
            if answer.status != 409:
                raise NotCosigned(f"it answers {answer.status}")
            if not (seen := _SIZE.fullmatch(answer.body)):
                raise NotCosigned("it does not say what it has seen")
            old = self._sizes[witness.name] = int(seen[1])
            if old > size:
                raise WitnessAhead(witness.name, old)
        raise NotCosigned("it changes its mind about what it has seen")


def _lines(hashes: Sequence[bytes]) -> str:
    return "".join(b64encode(one).decode() + "\n" for one in hashes)


def _cosignature(witness: Witness, note: str, body: str) -> str:
    """The witness's own line of the answer, verified."""
    text = note.rpartition("\n\n")[0] + "\n"
    try:
        found: tuple[Signature, ...] = signatures(body)
        for one in found:
            if Note(text, (one,)).verified_by([witness.verifier]):
                return one.line
    except NoteWrong as error:
        raise NotCosigned(str(error)) from error
    raise NotCosigned("its answer holds no signature of its key")


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        return None


def _post(url: str, body: str, seconds: float) -> Answer:
    request = urllib.request.Request(url, body.encode(), {"Content-Type": "text/plain"}, method="POST")  # noqa: S310  http(s) only, see policy
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=seconds) as answer:
            return Answer(answer.status, _read(answer.read(LARGEST_ANSWER)))
    except HTTPError as error:
        with error:
            return Answer(error.code, _read(error.read(LARGEST_ANSWER)))
    except (OSError, HTTPException, ValueError) as error:
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
