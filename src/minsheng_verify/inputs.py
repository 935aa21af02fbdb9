"""What the reader gives: addresses, folders, files, keys."""

import json
import sys
from argparse import Namespace
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from minsheng_verify.faults import Fault, WrongUsage
from minsheng_verify.log import Trust
from minsheng_verify.note import COSIGNATURE, ED25519, Key, parse_keys
from minsheng_verify.source import Address, Source, open_source, read_file

DOCUMENT_LIMIT = 16 << 20
DIGEST_BYTES = 32


def source(text: str, asked: Namespace) -> Source:
    """Open until the command ends. Raises WrongUsage."""
    opened = open_source(text, asked.timeout)
    asked.opened.callback(opened.close)
    return opened


def trust(asked: Namespace) -> Trust:
    keys, witnesses = keys_given(asked.key, ED25519), keys_given(asked.witness, COSIGNATURE)
    quorum = len(witnesses) if asked.quorum is None else asked.quorum
    if quorum > len(witnesses):
        raise WrongUsage(f"--quorum {quorum} asks for more witnesses than are given ({len(witnesses)})")
    return Trust(keys, witnesses, quorum)


def keys_given(given: list[str], kind: int) -> list[Key]:
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


def document(text: str, asked: Namespace, limit: int) -> bytes:
    """Of an address, a file, or standard input."""
    if text == "-":
        data = sys.stdin.buffer.read(limit + 1)
        if len(data) > limit:
            raise Fault(f"standard input is longer than it can be ({limit} bytes)")
        return data
    if "://" in text:
        with closing(Address(text, asked.timeout, below="")) as address:
            target = urlsplit(text)
            query = f"?{target.query}" if target.query else ""
            return address.get(f"{target.path or '/'}{query}", text, limit)
    try:
        return read_file(Path(text), text, limit)
    except (OSError, ValueError) as error:
        raise WrongUsage(f"{text} cannot be read: {getattr(error, 'strerror', None) or error}") from error


def parsed(data: bytes, called: str) -> Any:
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as error:
        raise Fault(f"{called} is not JSON") from error


def digest(text: str, called: str) -> bytes:
    try:
        data = bytes.fromhex(text)
    except ValueError:
        data = b""
    if len(data) != DIGEST_BYTES:
        raise WrongUsage(f"{called} has 64 hexadecimal digits")
    return data
