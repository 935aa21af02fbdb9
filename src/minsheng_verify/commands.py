"""What can be asked: one function a command, each returns what it found or raises Fault or WrongUsage."""

import json
from argparse import Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from minsheng_verify.archive import check_archive
from minsheng_verify.award import check_award
from minsheng_verify.checkpoint import NOTE_LIMIT, PROOF_LIMIT, Checkpoint, check_log_signature, parse_checkpoint
from minsheng_verify.draw import check_draw
from minsheng_verify.faults import Fault, WrongUsage
from minsheng_verify.inclusion import Included, check_alone, check_position, opening_of, parse
from minsheng_verify.inputs import DOCUMENT_LIMIT, digest, document, keys_given, parsed, source, trust
from minsheng_verify.log import Log, check_continues, is_before, keep, open_log, read_log
from minsheng_verify.memory import Memory
from minsheng_verify.names import renamed
from minsheng_verify.note import ED25519, Signed
from minsheng_verify.package import Package
from minsheng_verify.payloads import Payload, fact_of
from minsheng_verify.report import Report
from minsheng_verify.sealed import commitment
from minsheng_verify.whole import check_whole


def checkpoint(asked: Namespace) -> Report:
    return _about(_opened(asked))


def inclusion(asked: Namespace) -> Report:
    proof = None if asked.proof is None else document(asked.proof, asked, PROOF_LIMIT)
    log = _opened(asked)
    report = _about(log)
    found = check_position(log, asked.position, proof, not asked.no_payload)
    _say_event(report, found)
    return report


def proof(asked: Namespace) -> Report:
    """Offline: for an event that was kept."""
    data = document(asked.proof, asked, PROOF_LIMIT)
    told = None if asked.payload is None else document(asked.payload, asked, DOCUMENT_LIMIT)
    opening = None if asked.opening is None else opening_of(document(asked.opening, asked, NOTE_LIMIT), "the opening")
    payload = None if told is None and opening is None else Payload(told, None, opening)
    origin = parse(data).checkpoint.origin
    memory = Memory(asked.memory)
    keys = keys_given(asked.key, ED25519) or memory.keys_of(origin)
    if not keys:
        raise WrongUsage(f"no key of the log {origin} is known here: give it by --key")
    found = check_alone(data, keys, payload)
    report = Report()
    report.say("log", origin)
    _say_ended(report, memory, origin, found.entry.position)
    _say_event(report, found)
    return report


def archive(asked: Namespace) -> Report:
    """Offline, and remembers nothing: a package is not the log."""
    package = Package(asked.archive)
    asked.opened.callback(package.close)
    memory = Memory(asked.memory)
    found = check_archive(package, keys_given(asked.key, ED25519), memory)
    manifest, report = package.manifest, Report()
    report.say("log", found.checkpoint.origin)
    _say_ended(report, memory, found.checkpoint.origin, max(found.entries, default=0))
    report.say(
        "checkpoint", found.checkpoint.short, {"size": found.checkpoint.size, "root": found.checkpoint.root.hex()}
    )
    taken = "taken from the package itself: compare it with the one printed elsewhere"
    report.say("key", f"{found.key} ({taken})" if found.from_package else str(found.key), str(found.key))
    report.say("organisation", f"{manifest.get('organisation')} {manifest.get('name')}", manifest.get("organisation"))
    report.say("basis", json.dumps(manifest.get("basis"), ensure_ascii=False), manifest.get("basis"))
    report.say("made_for", json.dumps(manifest.get("made_for"), ensure_ascii=False), manifest.get("made_for"))
    told = {"shown": found.shown, "redacted": found.redacted, "hidden": found.hidden}
    report.say(
        "records",
        f"{found.shown} shown, as recorded; {found.redacted} redacted; {found.hidden} between them not shown; "
        f"{found.streams} streams",
        told,
    )
    report.say("histories", f"{found.histories}, each saying what the records say", found.histories)
    report.say("attachments", f"{found.attachments}, each cited by a record", found.attachments)
    report.say("files", f"{found.files}, all that the manifest names and no other", found.files)
    return report


def _say_ended(report: Report, memory: Memory, origin: str, last: int) -> None:
    """For what was kept of a log that has been restarted since. `last`: the last position in it."""
    ended = memory.ended(origin)
    if ended is None:
        return
    lost = "this is among what it lost" if last >= ended.fork else "this is before that"
    text = f"the log goes on as {ended.into}, which no longer vouches for entries from {ended.fork} on; {lost}"
    report.say("restarted", text, {"into": ended.into, "fork": ended.fork, "lost": last >= ended.fork})


def _say_event(report: Report, found: Included) -> None:
    entry = found.entry
    report.say("position", str(entry.position), entry.position)
    if entry.stream is None:
        report.say("stream", "veiled: not told before it is public", {"veiled": True})
    else:
        report.say("stream", entry.stream)
        report.say("version", str(entry.version), entry.version)
    exact = "" if entry.veil is None or entry.payload_sha256 else " (the hour)"
    report.say("recorded_at", f"{entry.recorded_at}{exact}", entry.recorded_at)
    report.say("leaf_hash", found.leaf.hex())
    if entry.payload_sha256 is not None:
        report.say("payload_sha256", entry.payload_sha256.hex())
    if found.proof:
        report.say("proof", f"holds under the checkpoint of {found.proof.checkpoint.size} entries")
    if found.payload is None:
        return
    data, by = found.payload.data, found.payload.redacted_by
    if by is not None:
        report.say("event", f"removed by the event at position {by}; that it happened remains", {"redacted_by": by})
    elif data is None:
        report.say("event", "not published: the log shows that something was recorded, not what", {"withheld": True})
    else:
        event = fact_of(data)
        text = data.decode("utf-8", "backslashreplace")
        report.say("event", text, text if event is None else event)


def consistency(asked: Namespace) -> Report:
    if len(asked.logs) > 2:
        raise WrongUsage("at most two: OLD and NEW")
    memory = Memory(asked.memory)
    new = read_log(source(asked.logs[-1], asked), trust(asked), memory)
    if len(asked.logs) == 2:
        old = _old_checkpoint(asked.logs[0], asked)
        if old.origin == new.checkpoint.origin or is_before(old.origin, new.checkpoint.origin):
            check_log_signature(old, renamed(new.keys, old.origin), "the old checkpoint")
        check_continues(new, old, "the old checkpoint")
    elif (seen := new.before or new.earlier) is None:
        raise WrongUsage(f"nothing is remembered of {new.checkpoint.origin} yet; name the old checkpoint")
    else:
        old = seen.checkpoint
    keep(new, memory)
    report = _about(new)
    if old.origin == new.checkpoint.origin:
        report.say("continues", old.short, {"size": old.size, "root": old.root.hex()})
    else:
        kept = min(old.size, new.restarts.accounts_for(old, "the old checkpoint").fork)
        told = {"size": old.size, "root": old.root.hex(), "kept": kept}
        report.say("continues", f"{old.short}, of {old.origin}, up to the loss: its first {kept} entries", told)
    return report


def _old_checkpoint(text: str, asked: Namespace) -> Checkpoint:
    if "://" in text or Path(text).is_dir():
        data = source(text, asked).read("checkpoint", NOTE_LIMIT)
    else:
        data = document(text, asked, NOTE_LIMIT)
    return parse_checkpoint(data, "the old checkpoint")


def everything(asked: Namespace) -> Report:
    log = _opened(asked)
    counts = check_whole(log.source, log.checkpoint.size, log.checkpoint.root, not asked.no_payloads)
    report = _about(log)
    report.say("entries", f"{log.checkpoint.size}, each in its place and after the one before", log.checkpoint.size)
    report.say("streams", f"{counts.streams}, without a missing version", counts.streams)
    if counts.veiled:
        report.say("veiled", f"{counts.veiled} entries of streams that are not public", counts.veiled)
    report.say("tiles", f"{counts.tiles}, all as the entries make them", counts.tiles)
    if asked.no_payloads:
        report.say("events", "not read", {})
    else:
        told = {"shown": counts.shown, "withheld": counts.withheld, "redacted": counts.redacted}
        report.say(
            "events",
            f"{counts.shown} shown, as recorded; {counts.withheld} not published; {counts.redacted} removed",
            told,
        )
    return report


def award(asked: Namespace) -> Report:
    certificate = parsed(document(asked.certificate, asked, DOCUMENT_LIMIT), "the certificate")
    log = _opened(asked)
    report = _about(log)
    found = check_award(log, certificate)
    report.say("standing", found.standing)
    report.say("honour", str(certificate.get("honour")))
    positions = [proven.entry.position for proven in found.cited]
    report.say("events", f"{', '.join(map(str, positions))} in the log (positions)", positions)
    report.say("leaf_hash", found.proven.leaf.hex())
    if found.hidden:
        report.say("hidden", f"{found.hidden} later events of the project are not published", found.hidden)
    if certificate.get("recipient") == "person":
        report.say("name", "sealed in the log; compare it by `reveal`, with value and salt", {"sealed": True})
    return report


def reveal(asked: Namespace) -> Report:
    salt = digest(asked.salt, "--salt")
    expected = digest(asked.commitment, "COMMITMENT").hex()
    value = parsed(document(asked.value, asked, DOCUMENT_LIMIT), "the value")
    try:
        found = commitment(asked.purpose, salt, value)
    except ValueError as error:
        raise Fault(f"the value cannot have been sealed: {error}") from error
    if found != expected:
        raise Fault(f"this value with this salt and purpose has the commitment {found}, not {expected}")
    report = Report()
    report.say("commitment", f"{found} is of this value")
    return report


def draw(asked: Namespace) -> Report:
    found = check_draw(parsed(document(asked.answer, asked, DOCUMENT_LIMIT), "the answer"))
    report = Report()
    report.say("drawn", f"{found.drawn} of {found.size}, as announced", found.drawn)
    report.say("value", found.value)
    report.say("seed", found.seed)
    return report


def _opened(asked: Namespace) -> Log:
    log = open_log(source(asked.source, asked), trust(asked), Memory(asked.memory))
    # What is not found may be lost, and the reader is to be told.
    asked.restarts = [restart.sentence for restart in log.restarts.all] if log.was_restarted else []
    return log


def _vouches(signed: Signed) -> str:
    time = signed.time or 0
    # A witness may state a time beyond any calendar.
    return (
        f"{signed.key.name} at {datetime.fromtimestamp(time, UTC):%Y-%m-%dT%H:%M:%SZ}"
        if time < 1 << 37
        else signed.key.name
    )


def _about(log: Log) -> Report:
    report, found = Report(), log.checkpoint
    report.say("log", found.origin)
    report.say("size", f"{found.size} entries", found.size)
    report.say("root", found.root.hex())
    trusted = "taken from the log itself at first sight: compare it with the one printed elsewhere"
    report.say("key", f"{log.key} ({trusted})" if log.first_met else str(log.key), str(log.key))
    report.say(
        "witnesses",
        ", ".join(map(_vouches, log.witnessed)) or "none asked: whether others were shown the same log is not known",
        [signed.key.name for signed in log.witnessed],
    )
    for restart in log.restarts.all if log.was_restarted else ():
        told = {"previous": restart.previous.origin, "fork": restart.fork, "size": restart.previous.size}
        same = "; " + (
            f"the first {restart.fork} entries are the same, held against the last checkpoint that it signed"
            if restart.lost
            else "whether the others are the same is its operator's word alone"
        )
        report.say("restarted", restart.sentence + same, told)
    seen = log.before or log.earlier
    before = seen and seen.checkpoint
    report.say(
        "before",
        f"continues {before.short}" if before else "nothing was remembered of this log; from now on this is",
        {"size": before.size, "root": before.root.hex()} if before else {},
    )
    return report


COMMANDS: dict[str, Callable[[Namespace], Report]] = {
    "archive": archive,
    "checkpoint": checkpoint,
    "inclusion": inclusion,
    "proof": proof,
    "consistency": consistency,
    "all": everything,
    "award": award,
    "reveal": reveal,
    "draw": draw,
}
