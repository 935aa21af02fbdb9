"""The command `minsheng-verify`: one function a command, each returns what it found or raises."""

import json
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from minsheng_verify.arguments import parser
from minsheng_verify.award import check_award
from minsheng_verify.checkpoint import NOTE_LIMIT, PROOF_LIMIT, Checkpoint, check_log_signature, parse_checkpoint
from minsheng_verify.draw import check_draw
from minsheng_verify.faults import Fault, WrongUsage
from minsheng_verify.inclusion import Included, check_alone, check_position, parse
from minsheng_verify.log import Log, Trust, check_continues, keep, open_log, read_log
from minsheng_verify.memory import Memory
from minsheng_verify.note import COSIGNATURE, ED25519, Key, parse_keys
from minsheng_verify.payloads import fact_of
from minsheng_verify.report import Report, show, show_fault
from minsheng_verify.sealed import SALT_BYTES, commitment
from minsheng_verify.source import Address, Source, open_source, read_file
from minsheng_verify.whole import check_whole

DOCUMENT_LIMIT = 16 << 20


def main(arguments: Sequence[str] | None = None) -> int:
    """0 verified, 1 does not verify, 2 wrong usage."""
    for stream in (sys.stdout, sys.stderr):
        if reconfigure := getattr(stream, "reconfigure", None):
            reconfigure(errors="backslashreplace")
    asked = parser().parse_args(arguments)
    try:
        with ExitStack() as asked.opened:
            report = COMMANDS[asked.command](asked)
    except Fault as fault:
        show_fault(fault, asked.json)
        return 1
    except WrongUsage as wrong:
        print(f"minsheng-verify: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 130
    except Exception as error:
        # Whatever was not thought of was not verified either.
        show_fault(Fault(f"the verifier itself failed: {type(error).__name__}: {error}"), asked.json)
        return 1
    show(report, asked.json)
    return 0


def checkpoint(asked: Namespace) -> Report:
    return _about(_open(asked))


def inclusion(asked: Namespace) -> Report:
    proof = None if asked.proof is None else _document(asked.proof, asked, PROOF_LIMIT)
    log = _open(asked)
    report = _about(log)
    found = check_position(log, asked.position, proof, not asked.no_payload)
    _say_event(report, found)
    return report


def proof(asked: Namespace) -> Report:
    """Offline: for an event that was kept."""
    data = _document(asked.proof, asked, PROOF_LIMIT)
    payload = None if asked.payload is None else _document(asked.payload, asked, DOCUMENT_LIMIT)
    origin = parse(data).checkpoint.origin
    known = Memory(asked.memory).log(origin)
    keys = _keys(asked.key, ED25519) or list(known.keys if known else ())
    if not keys:
        raise WrongUsage(f"no key of the log {origin} is known here: give it by --key")
    found = check_alone(data, keys, payload)
    report = Report()
    report.say("log", origin)
    _say_event(report, found)
    return report


def _say_event(report: Report, found: Included) -> None:
    entry = found.entry
    report.say("position", str(entry.position), entry.position)
    report.say("stream", entry.stream)
    report.say("version", str(entry.version), entry.version)
    report.say("recorded_at", entry.recorded_at)
    report.say("leaf_hash", found.leaf.hex())
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
    memory, trust = Memory(asked.memory), _trust(asked)
    new = read_log(_source(asked.logs[-1], asked), trust, memory)
    if len(asked.logs) == 2:
        old = _old_checkpoint(asked.logs[0], asked)
        if old.origin == new.checkpoint.origin:
            check_log_signature(old, new.keys, "the old checkpoint")
        check_continues(new, old, "the old checkpoint")
    elif new.before is None:
        raise WrongUsage(f"nothing is remembered of {new.checkpoint.origin} yet; name the old checkpoint")
    else:
        old = new.before.checkpoint
    keep(new, memory)
    report = _about(new)
    report.say("continues", old.short, {"size": old.size, "root": old.root.hex()})
    return report


def _old_checkpoint(text: str, asked: Namespace) -> Checkpoint:
    if "://" in text or Path(text).is_dir():
        data = _source(text, asked).read("checkpoint", NOTE_LIMIT)
    else:
        data = _document(text, asked, NOTE_LIMIT)
    return parse_checkpoint(data, "the old checkpoint")


def everything(asked: Namespace) -> Report:
    log = _open(asked)
    counts = check_whole(log.source, log.checkpoint.size, log.checkpoint.root, not asked.no_payloads)
    report = _about(log)
    report.say("entries", f"{log.checkpoint.size}, each in its place and after the one before", log.checkpoint.size)
    report.say("streams", f"{counts.streams}, without a missing version", counts.streams)
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
    certificate = _json(_document(asked.certificate, asked, DOCUMENT_LIMIT), "the certificate")
    log = _open(asked)
    report = _about(log)
    found = check_award(log, certificate)
    report.say("standing", found.standing)
    report.say("award", str(certificate.get("honour_name", {}).get("en", certificate.get("honour"))))
    positions = [proven.entry.position for proven in found.cited]
    report.say("events", f"{', '.join(map(str, positions))} in the log (positions)", positions)
    report.say("leaf_hash", found.proven.leaf.hex())
    if found.hidden:
        report.say("hidden", f"{found.hidden} later events of the project are not published", found.hidden)
    if certificate.get("recipient") == "person":
        report.say("name", "sealed in the log; compare it by `reveal`, with value and salt", {"sealed": True})
    return report


def reveal(asked: Namespace) -> Report:
    salt = _hex(asked.salt, "--salt")
    expected = _hex(asked.commitment, "COMMITMENT").hex()
    value = _json(_document(asked.value, asked, DOCUMENT_LIMIT), "the value")
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
    found = check_draw(_json(_document(asked.answer, asked, DOCUMENT_LIMIT), "the answer"))
    report = Report()
    report.say("drawn", f"{found.drawn} of {found.size}, as announced", found.drawn)
    report.say("value", found.value)
    report.say("seed", found.seed)
    return report


COMMANDS: dict[str, Callable[[Namespace], Report]] = {
    "checkpoint": checkpoint,
    "inclusion": inclusion,
    "proof": proof,
    "consistency": consistency,
    "all": everything,
    "award": award,
    "reveal": reveal,
    "draw": draw,
}


def _open(asked: Namespace) -> Log:
    return open_log(_source(asked.source, asked), _trust(asked), Memory(asked.memory))


def _source(text: str, asked: Namespace) -> Source:
    """Open until the command ends."""
    source = open_source(text, asked.timeout)
    asked.opened.callback(source.close)
    return source


def _trust(asked: Namespace) -> Trust:
    keys, witnesses = _keys(asked.key, ED25519), _keys(asked.witness, COSIGNATURE)
    quorum = len(witnesses) if asked.quorum is None else asked.quorum
    if quorum > len(witnesses):
        raise WrongUsage(f"--quorum {quorum} asks for more witnesses than are given ({len(witnesses)})")
    return Trust(keys, witnesses, quorum)


def _keys(given: list[str], kind: int) -> list[Key]:
    found: list[Key] = []
    for one in given:
        try:
            found += parse_keys(Path(one).read_text("utf-8") if Path(one).is_file() else one)
        except (OSError, ValueError) as error:
            raise WrongUsage(f"{one} cannot be read: {error}") from error
        except Fault as fault:
            raise WrongUsage(str(fault)) from fault
    for key in found:
        if key.kind != kind:
            whose = "a log, none of a witness" if kind == COSIGNATURE else "a witness, none of a log"
            raise WrongUsage(f"{key.name}: this is a key of {whose}")
    return list(dict.fromkeys(found))


def _document(text: str, asked: Namespace, limit: int) -> bytes:
    """Of an address, a file, or standard input."""
    if text == "-":
        return sys.stdin.buffer.read(limit + 1)[:limit]
    if "://" in text:
        target = urlsplit(text)
        query = f"?{target.query}" if target.query else ""
        with closing(Address(text, asked.timeout, below="")) as address:
            return address.get(f"{target.path or '/'}{query}", text, limit)
    try:
        return read_file(Path(text), text, limit)
    except (OSError, ValueError) as error:
        raise WrongUsage(f"{text} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def _json(data: bytes, called: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Fault(f"{called} is not JSON") from error


def _hex(text: str, called: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != SALT_BYTES:
        raise WrongUsage(f"{called} has 64 hexadecimal digits")
    return data


def _about(log: Log) -> Report:
    report, found = Report(), log.checkpoint
    report.say("log", found.origin)
    report.say("size", f"{found.size} entries", found.size)
    report.say("root", found.root.hex())
    trusted = "taken from the log itself at first sight: compare it with the one printed elsewhere"
    report.say("key", f"{log.key} ({trusted})" if log.first_met else str(log.key), str(log.key))
    names = [
        f"{signed.key.name} at {datetime.fromtimestamp(signed.time or 0, UTC):%Y-%m-%dT%H:%M:%SZ}"
        if (signed.time or 0) < 1 << 37
        else signed.key.name
        for signed in log.witnessed
    ]
    report.say(
        "witnesses",
        ", ".join(names) or "none asked: whether others were shown the same log is not known",
        [signed.key.name for signed in log.witnessed],
    )
    before = log.before and log.before.checkpoint
    report.say(
        "before",
        f"continues {before.short}" if before else "nothing was remembered of this log; from now on this is",
        {"size": before.size, "root": before.root.hex()} if before else {},
    )
    return report
