"""A client that `openapi-python-client` generates reads the answers of a running service."""

import json
from pathlib import Path

import anyio
import pytest
from tests.api.bodies import PROGRAMME, award
from tests.api.client import Town, listening
from tests.docs.documents import ROOT

GENERATOR = ROOT / ".cache" / "openapi-client"
ASKING = Path(__file__).with_name("asking.py")
HONOUR = "advanced-organisation"

pytestmark = [
    pytest.mark.skipif(
        not (GENERATOR / ".ready").exists(),
        reason="openapi-python-client is not installed in .cache/openapi-client; make test does it",
    )
]


async def ran(*command: str) -> str:
    done = await anyio.run_process(command, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr).decode()
    return done.stdout.decode()


async def generated(town: Town, folder: Path) -> str:
    """The client's folder is `client`. Answers with what the generator said."""
    described = folder / "openapi.json"
    described.write_text((await town.public.get("/openapi.json")).text, "utf-8")
    program = str(GENERATOR / "bin" / "openapi-python-client")
    into = str(folder / "client")
    return await ran(program, "generate", "--path", str(described), "--output-path", into, "--meta", "none")


async def test_a_generated_client_reads_the_main_answers(town: Town, tmp_path: Path) -> None:
    project = await town.evaluated()
    await town.proposed(project, HONOUR, town.leaders)
    town.clock.to(12, 16)
    version = (await town.leaders.done(f"/v1/programmes/{PROGRAMME}/awards", award(project, HONOUR)))["version"]
    await town.followed()
    said = await generated(town, tmp_path)
    # What is no JSON has no model, and nothing else may be missing.
    assert "Unable to" not in said
    assert "Could not find reference" not in said
    number = project.rsplit("/", 1)[1]
    asked = {
        "public.list_projects": ("ProjectPage", "/v1/projects", ""),
        "public.get_project": ("StateAnswer", project, f"project_id:{number}"),
        "public.get_project_money": ("MoneyAnswer", f"{project}/money", f"project_id:{number}"),
        "public.get_certificate": (
            "Certificate",
            f"{project}/certificates/{version}",
            f"project_id:{number},version:{version}",
        ),
        "programmes.get_briefing": ("Briefing", f"/v1/programmes/{PROGRAMME}/briefing", f"programme:{PROGRAMME}"),
        "programmes.get_statistics": (
            "StatisticsAnswer",
            f"/v1/programmes/{PROGRAMME}/statistics",
            f"programme:{PROGRAMME}",
        ),
    }
    async with listening(town) as (port, _):
        calls = [f"{name}={arguments}" for name, (_, _, arguments) in asked.items()]
        python = str(GENERATOR / "bin" / "python")
        read = json.loads(await ran(python, str(ASKING), str(tmp_path / "client"), f"http://127.0.0.1:{port}", *calls))
    for name, (kind, path, _) in asked.items():
        assert read[name]["type"] == kind
        assert read[name]["answer"] == await town.public.read(path), name
