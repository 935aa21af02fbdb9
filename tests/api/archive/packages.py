"""Archive packages: requested, inspected, and repacked with forged contents."""

import json
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from tests.api.client import Caller, Town
from tests.api.transparency.logs import signed
from tests.verify.running import Ran, accepted

MANIFEST = "manifest.json"


async def asked(town: Town, caller: Caller, **query: Any) -> dict[str, bytes]:
    """What is in the archive of the district's organisation."""
    return unpacked(await zipped(town, caller, **query))


async def zipped(town: Town, caller: Caller, **query: Any) -> bytes:
    await signed(town)
    answer = await caller.get(address(town), **query)
    assert answer.status_code == 200, answer.text
    content: bytes = answer.content
    return content


def address(town: Town) -> str:
    return f"/v1/organisations/{town.local_id}/archive"


def unpacked(content: bytes) -> dict[str, bytes]:
    with ZipFile(BytesIO(content)) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def packed(files: dict[str, bytes], folder: Path) -> Path:
    """As they are, whatever the manifest says."""
    path = folder / "packed.zip"
    with ZipFile(path, "w") as package:
        for name, content in files.items():
            package.writestr(name, content)
    return path


def forged(files: dict[str, bytes], folder: Path, **told: Any) -> Path:
    """With a manifest that agrees with what is there, `told` in it."""
    manifest = json.loads(files[MANIFEST]) | told
    manifest["files"] = [
        {
            "path": name,
            "bytes": len(content),
            "sha256": sha256(content).hexdigest(),
            "media_type": "application/octet-stream",
        }
        for name, content in sorted(files.items())
        if name != MANIFEST
    ]
    return packed(files | {MANIFEST: json.dumps(manifest).encode()}, folder)


def verified(files: dict[str, bytes], folder: Path) -> Any:
    """What the verifier says of the package as it came."""
    ran: Ran = accepted("archive", packed(files, folder), "--memory", folder / "memory.json", "--json")
    return ran.json


def history_of(files: dict[str, bytes], project: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(files[f"projects/{project.rsplit('/', 1)[1]}/history.json"])
    return found


def projects_in(files: dict[str, bytes]) -> set[str]:
    return {
        f"/v1/{name.removesuffix('/state.json')}" for name in files if name.startswith("projects/") and "state" in name
    }
