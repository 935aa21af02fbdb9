"""The command line: what can be asked, and with what."""

import argparse
from pathlib import Path

from minsheng_verify.memory import memory_file
from minsheng_verify.source import SECONDS

WHERE = "address of the service, such as https://ledger.example, or a folder with a copy of what lies under /log/"


def parser() -> argparse.ArgumentParser:
    whole = argparse.ArgumentParser(
        prog="minsheng-verify",
        description="Checks a Minsheng ledger without trusting it. Exit codes: 0 verified, 1 does not verify, 2 the "
        "question was wrong.",
    )
    commands = whole.add_subparsers(dest="command", required=True, metavar="COMMAND")

    output = argparse.ArgumentParser(add_help=False)
    output.add_argument("--json", action="store_true", help="one line of JSON instead of text")
    output.add_argument(
        "--timeout", type=_seconds, default=SECONDS, metavar="SECONDS", help="the longest wait for one answer (30)"
    )

    log = argparse.ArgumentParser(add_help=False, parents=[output])
    log.add_argument("--memory", type=Path, default=memory_file(), metavar="FILE", help="what was seen before")
    log.add_argument(
        "--key", action="append", default=[], metavar="KEY|FILE", help="the log's key, from elsewhere than the log"
    )
    log.add_argument("--witness", action="append", default=[], metavar="KEY|FILE", help="keys of witnesses")
    log.add_argument("--quorum", type=_count, metavar="K", help="how many witnesses must vouch (all that are given)")

    checkpoint = commands.add_parser("checkpoint", parents=[log], help="signature, witnesses, and no change since")
    checkpoint.add_argument("source", metavar="URL|FOLDER", help=WHERE)

    inclusion = commands.add_parser("inclusion", parents=[log], help="one event is in the log, and says what is shown")
    inclusion.add_argument("source", metavar="URL|FOLDER", help=WHERE)
    inclusion.add_argument("position", type=_count, metavar="POSITION")
    inclusion.add_argument("--proof", metavar="FILE", help="a tlog-proof to check as well; - is standard input")
    inclusion.add_argument("--no-payload", action="store_true", help="only the entry, not what the event says")

    proof = commands.add_parser("proof", parents=[output], help="a kept proof of one event, without the log")
    proof.add_argument("proof", metavar="PROOF", help="what …/log/proof/POSITION answered: an address, a file, or -")
    proof.add_argument("--payload", metavar="FILE", help="what …/log/events/POSITION answered, to check as well")
    proof.add_argument("--opening", metavar="FILE", help="of a veiled entry: what …/log/openings/POSITION answered")
    proof.add_argument("--key", action="append", default=[], metavar="KEY|FILE", help="the log's key")
    proof.add_argument("--memory", type=Path, default=memory_file(), metavar="FILE", help="where else its key is known")

    archive = commands.add_parser("archive", parents=[output], help="an organisation's archive, without the log")
    archive.add_argument("archive", type=Path, metavar="FILE.zip", help="what …/organisations/ID/archive answered")
    archive.add_argument("--key", action="append", default=[], metavar="KEY|FILE", help="the log's key")
    archive.add_argument(
        "--memory", type=Path, default=memory_file(), metavar="FILE", help="where else its key is known"
    )

    consistency = commands.add_parser("consistency", parents=[log], help="a log continues what it was")
    consistency.add_argument(
        "logs",
        nargs="+",
        metavar="[OLD] NEW",
        help="OLD: a checkpoint that was kept, or another copy of the log; without it what is remembered. NEW: "
        + WHERE,
    )

    everything = commands.add_parser("all", parents=[log], help="the whole log, entry by entry")
    everything.add_argument("source", metavar="URL|FOLDER", help=WHERE)
    everything.add_argument("--no-payloads", action="store_true", help="only the entries, not what the events say")

    award = commands.add_parser("award", parents=[log], help="a certificate rests on the log and still counts")
    award.add_argument("source", metavar="URL|FOLDER", help=WHERE)
    award.add_argument("certificate", metavar="CERTIFICATE", help="its JSON: an address, a file, or -")

    reveal = commands.add_parser("reveal", parents=[output], help="a sealed value is the one that the log holds")
    reveal.add_argument("commitment", metavar="COMMITMENT", help="64 hexadecimal digits, as in the event")
    reveal.add_argument("--purpose", required=True, help="such as contact or honour")
    reveal.add_argument("--salt", required=True, metavar="HEX", help="64 hexadecimal digits")
    reveal.add_argument("--value", required=True, metavar="FILE", help="the value as JSON: a file, or -")

    draw = commands.add_parser("draw", parents=[output], help="a sample was drawn as announced")
    draw.add_argument("answer", metavar="ANSWER", help="what …/sample-frame answers: an address, a file, or -")
    return whole


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 19):
        raise argparse.ArgumentTypeError(f"{text!r} is no number from 0")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of seconds")
    return seconds
