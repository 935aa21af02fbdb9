"""The part of a package that strangers check: laid out as the paths under /log/, which verifiers know."""

import asyncio
from collections.abc import Sequence
from typing import Any

import rfc8785

from api.archive.package import Package
from api.service import Service
from ledger.core.envelope import Recorded
from ledger.refusals.log import LogNotSigned, NotSignedYet
from ledger.transparency.notes import Checkpoint, Note
from ledger.transparency.published import Published

TEXT, PAYLOAD = "text/plain; charset=utf-8", "application/json"
# What is recorded is signed within a second; what still is not, will not be soon.
SIGNED_SECONDS = 5.0


class Proofs:
    """Writes the proof and the stored bytes of each event, all under one checkpoint."""

    def __init__(self, service: Service, package: Package, published: Published) -> None:
        self._service, self._package, self._published = service, package, published
        self.told: list[dict[str, Any]] = []

    async def add(self, events: Sequence[Recorded]) -> None:
        """Of events that the reader may read. One that is redacted has no bytes any more, but the event that says so is
        there as well."""
        positions = [event.position for event in events]
        payloads = await self._service.payloads.stored(positions)
        placed = await self._service.payloads.placed(positions)
        for event in events:
            payload = payloads.get(event.position)
            # Redacted while this package was made: the next one says how.
            by = event.redaction.by if event.redaction else None
            place = {"position": event.position, "stream": str(event.stream), "version": event.version}
            self.told.append(place | {"payload": payload is not None, "redacted_by": by})
            proof = await self._service.log.proof_under(self._published, event.position)
            self._package.add(f"log/proof/{event.position}", proof.encode(), TEXT)
            if payload is not None:
                self._package.add(f"log/events/{event.position}", payload, PAYLOAD)
            if opening := placed[event.position].opening(is_shown=False):
                self._package.add(f"log/openings/{event.position}", rfc8785.dumps(opening), PAYLOAD)

    def add_log(self) -> dict[str, Any]:
        """The checkpoint and the keys; what the manifest says of them."""
        assert self._service.log_keys is not None
        keys = self._service.log_keys.read().of(self._published.generation)
        self._package.add("log/checkpoint", self._published.note.encode(), TEXT)
        self._package.add("log/key", "".join(f"{one.vkey}\n" for one in keys.verifiers).encode(), TEXT)
        signed = Checkpoint.parse(Note.parse(self._published.note).text)
        return {"origin": signed.origin, "size": signed.size, "root": signed.root.hex()}


async def checkpoint_covering(service: Service, size: int) -> Published:
    """The first that covers so many events, so that a package stays the same bytes. Waits for the signer. Raises
    LogNotSigned where nobody signs, NotSignedYet."""
    if service.log_keys is None:
        raise LogNotSigned()
    deadline = asyncio.get_running_loop().time() + SIGNED_SECONDS
    while True:
        try:
            return await service.log.first_covering(size, "archive")
        except (NotSignedYet, LogNotSigned):
            if asyncio.get_running_loop().time() > deadline:
                raise
        await asyncio.sleep(0.05)
