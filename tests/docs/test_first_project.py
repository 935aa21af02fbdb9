"""docs/first-project.md is run: its commands against the real service, its answers compared with the real ones."""

import json
import os
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import urlopen

import pytest
from tests.support import free_port, open_folder
from tests.wheel.installed import Installed, environment, installed_wheel

PAGE = Path(__file__).parents[2] / "docs" / "first-project.md"
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
SIGN_IN = re.compile(r"^ +(\w+) +(msl_\S+) +(.+)$", re.MULTILINE)
# The sign-ins in the order in which they are printed.
TOKENS = {
    "OFFICE": ("office", 0),
    "DISTRICT": ("district", 0),
    "ORGANISATION": ("organisation", 0),
    "REVIEWER": ("committee", 0),
    "EVALUATOR": ("committee", 1),
    "LEADERS": ("leading_group", 0),
}
DIFFERING = {"position", "known", "size"}
ANYTHING = "…"


@dataclass(frozen=True)
class Step:
    """A block of commands and the answer that the page shows, if it shows one."""

    commands: str
    kind: str | None
    shown: str


@dataclass(frozen=True)
class Ran:
    answers: list[str]
    exit_code: int
    servers_left: list[Path]


def steps() -> list[Step]:
    found: list[Step] = []
    for kind, content in FENCE.findall(PAGE.read_text("utf-8")):
        if kind == "bash":
            found.append(Step(content, None, ""))
        elif kind in ("json", "http"):
            assert found and found[-1].kind is None, "an answer stands behind its commands"
            found[-1] = Step(found[-1].commands, kind, content)
    return found


@pytest.fixture(scope="module")
def ran() -> Iterator[Ran]:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with installed_wheel() as installed, open_folder() as folder:
        with _service(installed, folder) as (process, variables):
            answers = _run(folder, variables)
            process.send_signal(signal.SIGINT)
            exit_code = process.wait(timeout=120)
        yield Ran(answers, exit_code, list(folder.rglob("postmaster.pid")))


@contextmanager
def _service(installed: Installed, folder: Path) -> Iterator[tuple["subprocess.Popen[bytes]", dict[str, str]]]:
    """The service with the demonstration, and the variables that the page asks for."""
    port = free_port()
    log = folder / "printed.txt"
    known = environment(MINSHENG_DATA=str(folder / "data"), PORT=str(port))
    command = [str(installed.command("minsheng")), "serve", "--demo"]
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out, env=known, cwd=folder)
    try:
        while "Ctrl-C" not in log.read_text("utf-8"):
            assert process.poll() is None, log.read_text("utf-8")
            time.sleep(0.2)
        printed = SIGN_IN.findall(log.read_text("utf-8"))
        variables = {
            variable: [token for found, token, _ in printed if found == role][nth]
            for variable, (role, nth) in TOKENS.items()
        }
        name = next(body.strip() for role, _, body in printed if role == "organisation")
        base = f"http://127.0.0.1:{port}"
        _wait_until_ready(base)
        yield process, variables | {"BASE": base, "NAME": name}
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGINT)
            process.wait(timeout=120)


def _wait_until_ready(base: str) -> None:
    """It answers, and the listing has seen the whole demonstration."""
    while True:
        with suppress(URLError), urlopen(f"{base}/readyz") as answer:
            said = json.load(answer)
            if all(said[name]["lag"] == 0 for name in ("listing", "due")):
                return
        time.sleep(0.1)


def _run(folder: Path, variables: dict[str, str]) -> list[str]:
    """All blocks in one shell, so that variables stay; the output of each in a file of its own."""
    work = folder / "work"
    work.mkdir()
    blocks = [f"{{\n{step.commands}}} > answer-{number}" for number, step in enumerate(steps())]
    script = "\n".join(["set -euo pipefail", *blocks])
    environment = variables | {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    done = subprocess.run(["bash", "-c", script], cwd=work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    # Not read as text: a carriage return belongs to the headers.
    return [(work / f"answer-{number}").read_bytes().decode() for number in range(len(blocks))]


def documents(text: str) -> list[Any]:
    """The JSON documents of a text, one behind the other."""
    decoder, found, place = json.JSONDecoder(), [], 0
    while place < len(text := text.strip()):
        document, place = decoder.raw_decode(text, place)
        found.append(document)
        while place < len(text) and text[place].isspace():
            place += 1
    return found


def check(shown: Any, real: Any, place: str) -> None:
    """What is shown is there, and what is not marked as left out is all there is. Under `…` stands what each of the
    fields has whose names differ."""
    if isinstance(shown, dict):
        assert isinstance(real, dict), place
        named = set(shown) - {ANYTHING}
        assert named == set(real) if ANYTHING not in shown else named <= set(real), f"{place}: {set(real)}"
        for key in named:
            check(shown[key], real[key], f"{place}.{key}")
        if shown.get(ANYTHING, ANYTHING) != ANYTHING:
            for key in set(real) - named:
                check(shown[ANYTHING], real[key], f"{place}.{key}")
    elif isinstance(shown, list):
        parts = [one for one in shown if one != ANYTHING]
        assert isinstance(real, list), place
        assert len(real) == len(parts) if parts == shown else len(real) >= len(parts), f"{place}: {len(real)}"
        for number, (one, other) in enumerate(zip(parts, real, strict=False)):
            check(one, other, f"{place}.{number}")
    elif isinstance(shown, str):
        pattern = ".*".join(map(re.escape, shown.split(ANYTHING)))
        assert isinstance(real, str) and re.fullmatch(pattern, real, re.DOTALL), f"{place}: {real!r}"
    elif place.rsplit(".", 1)[-1] in DIFFERING:
        assert type(real) is type(shown), f"{place}: {real!r}"
    else:
        assert real == shown, f"{place}: {real!r}"


def check_head(shown: str, real: str) -> None:
    status, *headers = shown.splitlines()
    real_status, *real_headers = real.splitlines()
    assert real_status.strip() == status
    for header in headers:
        name, value = header.split(": ", 1)
        found = next((one.split(": ", 1)[1] for one in real_headers if one.startswith(f"{name}: ")), None)
        check(value, found, name)


def test_the_page_shows_the_services_answers(ran: Ran, subtests: pytest.Subtests) -> None:
    for step, answer in zip(steps(), ran.answers, strict=True):
        with subtests.test(step.commands.splitlines()[0]):
            if step.kind is None:
                assert answer == "", "the page shows every answer"
                continue
            shown, body = step.shown, answer
            if step.kind == "http":
                head, _, shown = shown.partition("\n\n")
                real_head, _, body = answer.partition("\r\n\r\n")
                check_head(head, real_head)
            expected, real = documents(shown), documents(body)
            assert len(expected) == len(real) > 0
            for one, other in zip(expected, real, strict=True):
                check(one, other, "answer")


def test_the_page_goes_from_the_application_to_the_honour(ran: Ran) -> None:
    types = [event["type"] for event in documents(ran.answers[-2])[1]]
    assert [types[0], types[-1]] == ["Applied", "Awarded"]


def test_the_page_names_the_variables_that_it_uses() -> None:
    page = PAGE.read_text("utf-8")
    named = {name for line in re.findall(r"^export (.*)$", page, re.MULTILINE) for name in re.findall(r"(\w+)=", line)}
    assert named == {*TOKENS, "BASE", "NAME"}


def test_an_interrupt_ends_the_service_and_its_database_cleanly(ran: Ran) -> None:
    assert ran.exit_code in (0, -signal.SIGINT, 128 + signal.SIGINT)
    assert ran.servers_left == []
