"""A certificate against the log: the award that it cites, and whether anything later in its stream takes it back."""

from base64 import b32encode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from minsheng_verify.entries import ProvenEntry, proven_bundle, proven_entry, same_stream
from minsheng_verify.faults import Fault
from minsheng_verify.log import Log
from minsheng_verify.payloads import Payload, check_payload, fact_of, read_payloads
from minsheng_verify.streams import wrong
from minsheng_verify.tiles import WIDTH
from minsheng_verify.veil import Opening, tag

CODE_LENGTH = 10
STANDINGS = ("valid", "revoked", "void")


@dataclass(frozen=True, slots=True)
class Later:
    """An event of the stream: its version, and what it says where that is published."""

    proven: ProvenEntry
    version: int
    event: dict[str, Any] | None

    @property
    def fact(self) -> dict[str, Any]:
        return self.event["fact"] if self.event else {}


@dataclass(frozen=True, slots=True)
class Award:
    proven: ProvenEntry
    standing: str
    cited: tuple[ProvenEntry, ...]
    hidden: int


def check_award(log: Log, certificate: Any) -> Award:
    """`certificate`: the JSON of a certificate. Every entry of the log from the award on is held against the tree.
    Raises Fault."""
    stream, version, position, standing = _cited(certificate)
    proven, payload, path = _told(log, position)
    entry = check_payload(payload, proven.entry, path)
    place: dict[str, Any] = {
        "file": proven.file,
        "position": position,
        "stream": entry.stream,
        "version": entry.version,
    }
    if (entry.stream, entry.version) != (stream, version):
        raise Fault(
            f"position {position} holds version {entry.version} of stream {entry.stream}, the certificate says version "
            f"{version} of {stream}",
            **place,
        )
    if certificate["leaf_hash"] != proven.leaf.hex():
        raise Fault(f"the log's hash of position {position} is {proven.leaf.hex()}, not the certificate's", **place)
    code = b32encode(proven.leaf).decode()[:CODE_LENGTH]
    if certificate["code"] != code:
        raise Fault(f"the code of position {position} is {code}, not {str(certificate['code'])[:40]!r}", **place)
    events = list(_from(log, proven, payload.opening, stream, version))
    corrections = _corrections(events)
    found, cited = _standing(events, corrections, version)
    if found != standing:
        raise Fault(f"by the log the award is {found}, the certificate calls it {standing!r}", **place)
    _check_withdrawal(certificate.get("withdrawal"), cited, place)
    _check_words(certificate, events[0], corrections.get(version), place)
    return Award(proven, found, (proven, *(one.proven for one in cited)), sum(one.event is None for one in events[1:]))


def _cited(certificate: Any) -> tuple[str, int, int, str]:
    try:
        stream, version, position = same_stream(certificate["project"]), certificate["version"], certificate["position"]
        standing, _, _ = certificate["standing"], certificate["leaf_hash"], certificate["code"]
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Fault("this is not the JSON of a certificate: project, version, position, code are missing") from error
    if type(version) is not int or type(position) is not int or position < 0 or standing not in STANDINGS:
        raise Fault("this is not the JSON of a certificate: its fields have other types")
    return stream, version, position, standing


def _told(log: Log, position: int) -> tuple[ProvenEntry, Payload, str]:
    """An entry with what is told of it, not yet held against each other."""
    proven = proven_entry(log.source, log.tiles, position)
    index, offset = divmod(position, WIDTH)
    path, payloads = read_payloads(log.source, index, min(WIDTH, log.tiles.size - index * WIDTH), log.tiles.size)
    return proven, payloads[offset], path


def _from(log: Log, first: ProvenEntry, opening: Opening | None, stream: str, version: int) -> Iterator[Later]:
    """The events of the stream from that one on. Raises Fault when a version is missing between them, or hidden."""
    for index in range(first.entry.position // WIDTH, -(-log.tiles.size // WIDTH)):
        # Of a veiled stream each next entry is known by its tag, whether or not the service tells whose it is.
        following = tag(opening.salt, version) if opening else None
        ours = []
        for one in proven_bundle(log.source, log.tiles, index):
            if one.entry.position < first.entry.position:
                continue
            if opening and one.entry.veil and one.entry.veil.tag == following:
                ours.append(one)
                following = tag(opening.salt, version + len(ours))
            elif one.entry.stream == stream:
                ours.append(one)
        if not ours:
            continue
        width = min(WIDTH, log.tiles.size - index * WIDTH)
        path, payloads = read_payloads(log.source, index, width, log.tiles.size)
        for one in ours:
            payload = payloads[one.entry.position % WIDTH]
            entry = check_payload(payload, one.entry, path)
            if entry.stream is None:
                raise wrong(one.entry, one.file, f"belongs to stream {stream}, which is disclosed, and is not told of")
            if entry.version != version:
                raise Fault(
                    f"version {version} of stream {stream} is missing before position {entry.position}",
                    file=one.file,
                    position=entry.position,
                    stream=stream,
                    version=version,
                )
            yield Later(one, version, None if payload.data is None else fact_of(payload.data))
            version += 1


def _corrections(events: list[Later]) -> dict[int, Later]:
    """The correction that holds, by version of its target: newest first, and none that a holding one voids."""
    holds: dict[int, Later] = {}
    for event in reversed(events):
        voided = holds.get(event.version)
        if event.fact.get("type") in ("Voided", "Restated") and not (voided and voided.fact["type"] == "Voided"):
            target = event.fact.get("target")
            if type(target) is int:
                holds.setdefault(target, event)
    return holds


def _standing(events: list[Later], corrections: dict[int, Later], version: int) -> tuple[str, list[Later]]:
    """Whether the award counts, with the events that say so."""
    correction = corrections.get(version)
    if correction and correction.fact["type"] == "Voided":
        return "void", [correction]
    restated = [correction] if correction else []
    for event in events:
        own = corrections.get(event.version)
        if own and own.fact["type"] == "Voided":
            continue
        fact = own.fact.get("fact") if own else event.fact
        if isinstance(fact, dict) and fact.get("type") == "HonourRevoked" and fact.get("award") == version:
            return "revoked", [*restated, event]
    return "valid", restated


def _check_withdrawal(stated: Any, cited: list[Later], place: dict[str, Any]) -> None:
    if stated is None:
        return
    version = stated.get("version") if isinstance(stated, dict) else None
    if version not in [one.version for one in cited]:
        raise Fault("the certificate cites another withdrawal than the log holds", **place)


def _check_words(certificate: Any, award: Later, correction: Later | None, place: dict[str, Any]) -> None:
    """What the certificate says, against the event; against its restatement where there is one."""
    if award.event is None:
        return
    fact: Any = award.fact
    day = award.event.get("effective_on")
    if correction and correction.fact["type"] == "Restated":
        fact, day = correction.fact.get("fact"), correction.fact.get("restated_on")
    if not isinstance(fact, dict) or fact.get("type") != "Awarded":
        raise Fault(f"position {place['position']} holds no award", **place)
    recipient = fact.get("recipient")
    recipient = recipient if isinstance(recipient, dict) else {}
    of_organisation = recipient.get("kind") == "organisation"
    said = {
        "honour": fact.get("honour"),
        "deed": fact.get("deed"),
        "document_number": fact.get("document_number"),
        "place": fact.get("place"),
        "places": fact.get("places"),
        "awarded_on": day,
        "recipient": recipient.get("kind"),
        "organisation_name": recipient.get("name" if of_organisation else "organisation_name"),
    }
    if of_organisation:
        said["name"] = recipient.get("name")
    for name, value in said.items():
        if certificate.get(name) != value:
            shown, recorded = str(certificate.get(name))[:200], str(value)[:200]
            raise Fault(f"the certificate says {name} {shown!r}, the log holds {recorded!r}", **place)
