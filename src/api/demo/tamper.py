"""`make tamper`: what is noticed when somebody who owns the database changes one byte of what was recorded.

It happens in a copy of the ledger of the settings, in a folder that goes afterwards. The log's check inside the
database, the verifier outside it and the signer must each name the very event.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from shutil import copytree, rmtree
from tempfile import mkdtemp

import psycopg
from psycopg import sql

from api.settings import Settings
from ledger.database import Database, Role, migrate, open_database

TABLES = ("head", "events", "payloads", "redactions", "vault_keys", "checkpoints", "tiles")
# One more event, which the signer has to sign over what lies before it.
GRANT = {
    "id": "360G-tamper-1",
    "title": "示例：其后的一条记录",
    "currency": "GBP",
    "amountAwarded": 1,
    "awardDate": "2019-04-10",
    "fundingOrganization": [{"id": "GB-CHC-0000000", "name": "示例"}],
    "recipientOrganization": [{"id": "GB-CHC-0000001", "name": "示例"}],
}


def main() -> int:
    """0 when all three name the event."""
    settings = Settings()
    folder = Path(mkdtemp(prefix="minsheng-tamper-"))
    # PostgreSQL's own user has to get in when root runs this.
    folder.chmod(0o755)
    try:
        with open_database(None, folder / "data") as copy:
            with open_database(settings.database_url, settings.minsheng_data) as original:
                _copy(original, copy)
            copytree(settings.minsheng_data / "keys", folder / "data" / "keys", dirs_exist_ok=True)
            return _tamper(folder, copy)
    finally:
        rmtree(folder)


def _copy(original: Database, copy: Database) -> None:
    """Everything that the log is made of, as bytes."""
    migrate(original)
    migrate(copy)
    with (
        closing(original.connect(Role.OWNER)) as source,
        copy.connect(Role.OWNER) as target,
    ):
        source.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        target.execute("DELETE FROM ledger.head")
        for name in TABLES:
            table = sql.Identifier("ledger", name)
            out = sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(table)
            into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(table)
            with source.cursor().copy(out) as reading, target.cursor().copy(into) as writing:
                for piece in reading:
                    writing.write(piece)


def _tamper(folder: Path, copy: Database) -> int:
    known = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    environment = known | {"MINSHENG_DATA": str(folder / "data"), "COLUMNS": "200"}

    def run(program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
        command = [str(Path(sys.executable).with_name(program)), *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True)

    def verify() -> "subprocess.CompletedProcess[str]":
        exported = run("minsheng", "export", "log", str(folder / "log"))
        if exported.returncode:
            return exported
        return run("minsheng-verify", "all", str(folder / "log"), "--memory", str(folder / "memory.json"))

    for before in (run("minsheng", "log", "sign"), run("minsheng", "log", "check"), verify()):
        if before.returncode:
            print("the log was not whole before anything was changed:", before.stdout, before.stderr, sep="\n")
            return 1
    position = _last_published(folder / "log")
    if position is None:
        print("nothing is published that could be changed; load the demonstration first: make run")
        return 1
    _flip(copy, position)
    print(f"As the owner of a copy of the database, one bit of the event at position {position} was changed.\n")

    def sign() -> "subprocess.CompletedProcess[str]":
        grants = folder / "grants.json"
        grants.write_text(json.dumps({"grants": [GRANT]}))
        run("minsheng", "import", "360giving", str(grants))
        return run("minsheng", "log", "sign")

    looks: dict[str, Callable[[], subprocess.CompletedProcess[str]]] = {
        "minsheng log check, in the database": lambda: run("minsheng", "log", "check"),
        "minsheng-verify all, from outside": verify,
        "the signer, before it signs one more event": sign,
    }
    named = 0
    for who, look in looks.items():
        done = look()
        found = done.returncode == 1 and f"position {position}" in done.stdout + done.stderr
        named += found
        print(f"{who}: {'names it' if found else 'DOES NOT NAME IT'}")
        print("".join(f"    {line}\n" for line in (done.stdout + done.stderr).splitlines() if line.strip()))
    return 0 if named == len(looks) else 1


def _last_published(log: Path) -> int | None:
    """The last position whose content everybody may read."""
    bundles = [file for file in (log / "payloads").rglob("*") if file.is_file()]
    lines = [json.loads(line) for file in bundles for line in file.read_text("utf-8").splitlines()]
    return max((line["position"] for line in lines if "payload" in line), default=None)


def _flip(copy: Database, position: int) -> None:
    """One bit of a digit in the event's nonce: it can still be read, and says something else."""
    with copy.connect(Role.OWNER) as connection:
        row = connection.execute("SELECT payload FROM ledger.payloads WHERE position = %s", [position]).fetchone()
        assert row is not None
        payload = bytes(row[0])
        nonce = payload.index(b'"nonce":"') + len(b'"nonce":"')
        at = next(at for at in range(nonce, len(payload)) if payload[at : at + 1].isdigit())
        changed = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
        connection.execute("UPDATE ledger.payloads SET payload = %s WHERE position = %s", [changed, position])


if __name__ == "__main__":
    sys.exit(main())
