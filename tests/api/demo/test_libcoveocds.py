"""The Open Contracting Partnership's own checker on the demonstration: each release and each record is valid, and says
nothing beyond the standard but what our extension declares.

It is asked as a program (`libcoveocds`, AGPL) in an environment that `make test` builds, and without a network: the
standard's files and our extension are given to it from this machine. Its exit code tells nothing.
"""

import asyncio
import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zipfile import ZipFile

import httpx2
import pytest
from tests.api.client import connect
from tests.api.demo.conftest import Loaded
from tests.api.open_data.standards import OCDS, needs
from tests.docs.documents import ROOT
from tests.support import MASTER
from tests.verify.serving import served

from api.open_data.ocds_extension import CODELISTS, EXTENSION, PATH, SCHEMAS
from api.service import open_service

CHECKER = ROOT / ".cache" / "coveocds"
# What the checker does not look for in an extension: it patches the schema of a release, not that of a package.
OF_A_PACKAGE = {"/basis", "/basis/known", "/basis/ocidPrefixRegistered", "/links", "/links/next"}
VERSIONED = "https://standard.open-contracting.org/schema/1__1__5/versioned-release-validation-schema.json"
AT_ONCE = 2

pytestmark = [
    needs(OCDS),
    pytest.mark.skipif(
        not (CHECKER / ".ready").exists(), reason="libcoveocds is not installed in .cache/coveocds; make test does it"
    ),
]


@pytest.fixture
def standard(tmp_path: Path) -> Path:
    """The standard's files, with the one that the checker would fetch from the web named as a file."""
    copied, versioned = tmp_path / "standard.zip", tmp_path / "versioned.json"
    with ZipFile(OCDS) as source, ZipFile(copied, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith(VERSIONED.rsplit("/", 1)[1]):
                versioned.write_bytes(content)
            target.writestr(name, content.replace(VERSIONED.encode(), versioned.as_uri().encode()))
    return copied


@pytest.fixture
def web(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """A server for our extension alone, and its folder."""
    folder = tmp_path / "web"
    folder.mkdir()
    with served(folder) as address:
        yield address, folder


async def extension_into(folder: Path, http: httpx2.AsyncClient) -> None:
    """Its files as the service serves them."""
    names = ["extension.json", *SCHEMAS, *(f"codelists/{name}" for name in CODELISTS)]
    assert EXTENSION["codelists"] == list(CODELISTS)
    for name in names:
        answer = await http.get(f"{PATH}/{name}")
        assert answer.status_code == 200
        path = folder / PATH.removeprefix("/") / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(answer.content)


async def packages(http: httpx2.AsyncClient) -> list[dict[str, Any]]:
    found = [(await http.get("/ocds/records.json")).json()]
    following: str | None = "/ocds/releases.json?limit=1000"
    while following:
        found.append((await http.get(following)).json())
        parts = urlsplit(found[-1].get("links", {}).get("next", ""))
        following = f"{parts.path}?{parts.query}" if parts.path else None
    return found


async def checked(package: Path, standard: Path) -> dict[str, Any]:
    program = CHECKER / "bin" / "libcoveocds"
    process = await asyncio.create_subprocess_exec(
        program, "--standard-zip", standard, package, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    out, err = await process.communicate()
    assert out, err.decode()
    result: dict[str, Any] = json.loads(out)
    return result


async def test_the_checker_accepts_releases_and_records(
    loaded: Loaded, standard: Path, web: tuple[str, Path], tmp_path: Path
) -> None:
    address, folder = web
    async with open_service(loaded.database, MASTER, start=threading.Thread) as service, connect(service) as http:
        await service.wait_for(loaded.summary.events - 1, 120)
        await extension_into(folder, http)
        found = await packages(http)
    assert sum(len(package.get("releases", ())) for package in found) > 9_000
    files = []
    for number, package in enumerate(found):
        package["extensions"] = [f"{address}{PATH}/extension.json"]
        files.append(tmp_path / f"{number}.json")
        files[-1].write_text(json.dumps(package))
    for start in range(0, len(files), AT_ONCE):
        for result in await asyncio.gather(*(checked(file, standard) for file in files[start : start + AT_ONCE])):
            check(result, address)


def check(result: dict[str, Any], address: str) -> None:
    assert result["version_used"] == "1.1"
    assert result["validation_errors"] == []
    extensions = result["extensions"]
    used = [one["url"] for one in extensions["extensions"] if not one["failed_codelists"]]
    assert (used, extensions["invalid_extension"]) == ([f"{address}{PATH}/extension.json"], {})
    for codes in ("additional_closed_codelist_values", "additional_open_codelist_values"):
        assert result[codes] == {}
    assert result["additional_checks"] == {}
    beyond = {f"{one['path']}/{one['field_name']}" for one in result["all_additional_fields"]}
    assert beyond <= OF_A_PACKAGE


async def test_the_checker_sees_what_is_wrong(standard: Path, web: tuple[str, Path], tmp_path: Path) -> None:
    """Else that it finds nothing would say nothing."""
    release = {"ocid": "ocds-000000-1", "id": "1", "date": "2010", "tag": ["begun"], "initiationType": "tender"}
    head = {"uri": web[0], "version": "1.1", "publishedDate": "2010-01-01T00:00:00Z", "publisher": {"name": "示例"}}
    path = tmp_path / "wrong.json"
    path.write_text(json.dumps(head | {"releases": [release | {"buyer": {"id": "1", "shoe": "43"}}]}))
    result = await checked(path, standard)
    assert {error["path"] for error in result["validation_errors"]} == {"releases/0/date"}
    assert result["additional_closed_codelist_values"]["releases/tag"]["values"] == ["begun"]
    assert {one["field_name"] for one in result["all_additional_fields"]} == {"shoe"}
