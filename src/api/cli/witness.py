"""Being a witness of other people's logs: a program of its own, without database."""

from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from api.cli.stopping import StoppingServer
from api.transparency.witness import create_witness
from ledger import stopping
from ledger.transparency.keys import LogKeyError, private_file
from ledger.transparency.notes import COSIGNATURE, ED25519, NoteWrong, Signer, Verifier
from ledger.transparency.witness import Witness

console = Console()


def witness(
    name: Annotated[str, typer.Argument(help="What the witness is called, such as witness.example.org/w1.")],
    log: Annotated[list[str], typer.Option(help="A key of a log, as /log/key says it; several times.")],
    folder: Annotated[Path, typer.Option(help="Where its key lies, and what it has seen.")] = Path("witness"),
    port: Annotated[int, typer.Option(help="The port to listen on.")] = 8080,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
) -> None:
    """Cosign checkpoints of logs that continue what was seen of them. It needs no ledger.
    Example: minsheng witness witness.example.org/w1 --log ledger.example.org/log+1f2e3d4c+AY…"""
    opened = open_witness(name, log, folder)
    console.print(f"witness NAME {opened.signer.verifier.vkey} http://{host}:{port}", highlight=False, soft_wrap=True)
    with suppress(stopping.Stopped):
        stopping.run(StoppingServer(create_witness(opened), host, port).serve())


def open_witness(name: str, logs: list[str], folder: Path) -> Witness:
    """Its key is made on first use. Raises LogKeyError."""
    try:
        keys = [Verifier.parse(key.strip()) for key in logs]
    except NoteWrong as error:
        raise LogKeyError(f"--log: {error}") from error
    if any(key.kind != ED25519 for key in keys):
        raise LogKeyError("--log: a log has a key of type 01")
    try:
        text = private_file(folder / "witness.key", lambda: Signer.make(name, COSIGNATURE).skey + "\n")
        signer = Signer.parse(text.strip())
    except NoteWrong as error:
        raise LogKeyError(f"{folder / 'witness.key'}: {error}") from error
    if (signer.name, signer.kind) != (name, COSIGNATURE):
        raise LogKeyError(f"{folder / 'witness.key'} is the key of {signer.name}, not of the witness {name}")
    return Witness(folder, signer, {key.name: [one for one in keys if one.name == key.name] for key in keys})
