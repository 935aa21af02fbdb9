"""A full command over HTTP (token, validation, load, decide, append, receipt) against a POST that does nothing."""

import asyncio
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench.http_load import load, request
from bench.report import Line, median
from bench.server import fresh_database, running

CONNECTIONS = 64
ROUNDS = 2
SECONDS = 4.0


def application(organisation: str, contact: bool) -> bytes:
    body = {
        "programme": "beijing-2010",
        "organisation": organisation,
        "form": {
            "title": "示例:社区老人陪伴计划",
            "category": "elderly-disabled",
            "content": "每周组织志愿者到社区陪伴独居老人,开展健康讲座和文娱活动。" * 3,
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
            organisation, token = ready.read_text().split()
            return asyncio.run(_rounds(port, organisation, token))
        finally:
            process.terminate()
            process.wait()


async def _rounds(port: int, organisation: str, token: str) -> list[Line]:
    plain, sealed = application(organisation, False), application(organisation, True)
    wanted = {
        "nothing": request("/bench/nothing", token, plain),
        "apply": request("/v1/projects", token, plain),
        "apply with a sealed contact": request("/v1/projects", token, sealed),
    }
    for one in wanted.values():
        await load(port, one, CONNECTIONS, 1.0, b"201")
    found: dict[str, list[float]] = {name: [] for name in wanted}
    latency: dict[str, list[float]] = {name: [] for name in wanted}
    for _ in range(ROUNDS):
        for name, one in wanted.items():
            result = await load(port, one, CONNECTIONS, SECONDS, b"201")
            found[name].append(result.per_second)
            latency[name].append(result.p99_ms)
    nothing = median(found["nothing"])
    return [
        Line(f"HTTP {name}, {CONNECTIONS} connections", median(found[name]), "/s", median(found[name]) / nothing,
             "a POST that does nothing", "0.5×" if name == "apply" else "")
        for name in wanted
    ]  # fmt: skip


if __name__ == "__main__":
    for line in measure():
        print(line)
