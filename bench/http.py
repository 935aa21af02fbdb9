"""A full command over HTTP (token, validation, load, decide, append, receipt) against a POST that does nothing."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from bench.http_load import load, request
from bench.report import Line, median
from bench.server import fresh_database, running

CONNECTIONS = 64
ROUNDS = 4
SECONDS = 3.0
# There are only so many projects whose next report is due.
PROJECTS = 3000
SHORT_SECONDS = 0.8


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


def measure() -> list[Line]:
    with running() as server, fresh_database(server) as database, tempfile.TemporaryDirectory() as folder:
        ready, port = Path(folder) / "ready", 18431
        command = [sys.executable, "-m", "bench.http_server", database.login, str(port), str(ready)]
        process = subprocess.Popen(command)
        try:
            while not ready.exists() or not ready.read_text():
                time.sleep(0.1)
                if process.poll() is not None:
                    raise RuntimeError("the server ended")
            time.sleep(1)
            organisation, token, *projects = ready.read_text().split()
            return asyncio.run(_rounds(port, organisation, token, projects))
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


async def _rounds(port: int, organisation: str, token: str, projects: list[str]) -> list[Line]:
    plain, sealed = application(organisation, False), application(organisation, True)
    wanted: dict[str, tuple[bytes | Iterator[bytes], float]] = {
        "nothing": (request("/bench/nothing", token, plain), SECONDS),
        "report of a milestone": (reports(token, projects), SHORT_SECONDS),
        "application": (request("/v1/projects", token, plain), SECONDS),
        "application with a sealed contact": (request("/v1/projects", token, sealed), SECONDS),
    }
    found: dict[str, list[float]] = {name: [] for name in wanted}
    for number in range(ROUNDS + 1):
        for name, (requests, seconds) in wanted.items():
            result = await load(port, requests, CONNECTIONS, seconds if number else 0.5, b"201")
            if number:
                found[name].append(result.per_second)
    nothing = median(found["nothing"])
    return [
        Line(
            f"HTTP, {CONNECTIONS} connections: {name}",
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
