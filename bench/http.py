"""A full command over HTTP (token, validation, load, decide, append, receipt) against a POST that does nothing."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, repeat
from pathlib import Path

from bench.http_load import load, request
from bench.report import Line, median
from bench.server import free_port, fresh_database, is_listening, running

CONNECTIONS = 64
ROUNDS = 4
SECONDS = 3.0
# There are only so many projects whose next report is due.
PROJECTS = 3000
SHORT_SECONDS = 0.8


@dataclass(frozen=True)
class Work:
    """`most`: requests in one round."""

    requests: Iterator[bytes]
    seconds: float
    most: int | None = None


def application(organisation: str, contact: bool) -> bytes:
    body = {
        "programme": "beijing-2010",
        "organisation": organisation,
        "form": {
            "title": "示例：社区老人陪伴计划",
            "category": "elderly-disabled",
            "content": "每周组织志愿者到社区陪伴独居老人，开展健康讲座和文娱活动。" * 3,
            "plan": "三月启动,十一月完成。",
            "budget": [
                {"source": "own", "money": {"amount": "20000.00", "currency": "CNY"}},
                {"source": "requested", "money": {"amount": "50000.00", "currency": "CNY"}},
            ],
            "beneficiaries": {"count": 120, "group": "独居老人"},
            "schedule": {"start": "2010-03-01", "end": "2010-11-20"},
            "place": "示例社区",
            "fit": "符合本会宗旨和业务范围。",
            "support": [{"kind": "funds", "reason": "自有资金不足。"}],
        },
    }
    if contact:
        body["contact"] = {"name": "示例联系人", "telephone": "000-00000000"}
    return json.dumps(body, ensure_ascii=False).encode()


def measure(
    projects: int = PROJECTS,
    connections: int = CONNECTIONS,
    rounds: int = ROUNDS,
    seconds: float = SECONDS,
    short: float = SHORT_SECONDS,
) -> list[Line]:
    """`short`: of the reports, of which there are four a project, so that each round has its share of them. A project
    takes them in order only if there are far more projects than connections."""
    with running() as server, fresh_database(server) as database, tempfile.TemporaryDirectory() as folder:
        ready, port = Path(folder) / "ready", free_port()
        command = [sys.executable, "-m", "bench.http_server", database.login, str(port), str(ready), str(projects)]
        process = subprocess.Popen(command)
        try:
            while not (ready.exists() and is_listening(port)):
                time.sleep(0.1)
                if process.poll() is not None:
                    raise RuntimeError("the server ended")
            organisation, token, *published = ready.read_text().split()
            asked = _asked(organisation, token, published, rounds, seconds, short)
            return asyncio.run(_rounds(port, asked, rounds, connections))
        finally:
            process.terminate()
            process.wait()


def reports(token: str, projects: list[str]) -> Iterator[bytes]:
    """Each project's reports, in order, the projects in turn."""
    for milestone in ("start", "early", "middle", "late"):
        report = {
            "milestone": milestone,
            "work_done": "示例：本阶段走访老人，开展讲座。",
            "spent": [{"source": "own", "money": {"amount": "5000.00", "currency": "CNY"}}],
            "people_served": 30,
        }
        body = json.dumps(report, ensure_ascii=False).encode()
        for project in projects:
            yield request(f"/v1/projects/{project}/milestones", token, body)


def _asked(
    organisation: str, token: str, projects: list[str], rounds: int, seconds: float, short: float
) -> dict[str, Work]:
    plain, sealed = application(organisation, False), application(organisation, True)
    return {
        "nothing": Work(repeat(request("/bench/nothing", token, plain)), seconds),
        "report of a milestone": Work(reports(token, projects), short, 4 * len(projects) // (rounds + 1)),
        "application": Work(repeat(request("/v1/projects", token, plain)), seconds),
        "application with a sealed contact": Work(repeat(request("/v1/projects", token, sealed)), seconds),
    }


async def _rounds(port: int, asked: dict[str, Work], rounds: int, connections: int) -> list[Line]:
    found: dict[str, list[float]] = {name: [] for name in asked}
    for number in range(rounds + 1):
        for name, work in asked.items():
            requests, seconds = islice(work.requests, work.most), work.seconds if number else min(0.5, work.seconds)
            result = await load(port, requests, connections, seconds, b"201")
            if number:
                found[name].append(result.per_second)
    nothing = median(found["nothing"])
    return [
        Line(
            f"HTTP, {connections} connections: {name}",
            median(rates),
            "/s",
            median(rates) / nothing,
            "a POST that does nothing",
            "" if name == "nothing" else "0.5×, 0.8×",
        )
        for name, rates in found.items()
    ]


if __name__ == "__main__":
    for line in measure():
        print(line)
