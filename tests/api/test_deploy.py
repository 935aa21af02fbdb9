"""The examples of units, containers, dashboard and alert rules say what the programs that read them understand."""

import json
import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from tests.api.client import Town
from tests.docs.documents import ROOT

from api.cli.main import PLACES

DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").iterdir())
FIGURE = re.compile(r"\bminsheng_[a-z_]+")
RULES = DEPLOY / "prometheus" / "alerts.yaml"
BOARD = json.loads((DEPLOY / "grafana" / "minsheng.json").read_text())
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text())


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze is not installed")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_units_verify(unit: Path, tmp_path: Path) -> None:
    for one in UNITS:
        # The program is installed elsewhere here, and the user is not there.
        text = one.read_text().replace("/opt/minsheng/bin/minsheng", "/bin/true")
        (tmp_path / one.name).write_text(re.sub("^(User|Group)=.*\n", "", text, flags=re.MULTILINE))
    command = ["systemd-analyze", "verify", "--man=no", "--recursive-errors=no", str(tmp_path / unit.name)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, unit.name in done.stderr) == (0, False), done.stderr


def test_units_and_containers_run_commands_that_exist() -> None:
    texts = [path.read_text() for path in [*UNITS, DEPLOY / "Containerfile"]]
    commands = {name for text in texts for name in re.findall(r"bin/minsheng (\w+)|\"minsheng\", \"(\w+)\"", text)}
    assert {one or other for one, other in commands} == {"serve", "backup"} <= set(PLACES)


def test_services_of_the_example_fit_together() -> None:
    services, volumes = COMPOSE["services"], COMPOSE["volumes"]
    assert set(services) == {"database", "ledger", "caddy"}
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        names = {mount.split(":")[0] for mount in service["volumes"]}
        assert {name for name in names if "/" not in name} <= set(volumes)
    caddy = services["caddy"]["networks"]["default"]["ipv4_address"]
    assert services["ledger"]["environment"]["MINSHENG_TRUSTED_PROXIES"] == caddy
    assert "reverse_proxy ledger:8000" in (DEPLOY / "Caddyfile").read_text()


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_prometheus_accepts_the_rules() -> None:
    done = subprocess.run(["promtool", "check", "rules", str(RULES)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


async def test_rules_and_dashboard_ask_for_figures_there_are(town: Town) -> None:
    answer = await town.public.get("/metrics")
    there = set(FIGURE.findall(answer.text)) | {"minsheng_backup_age_seconds"}
    expressions = [rule["expr"] for rule in yaml.safe_load(RULES.read_text())["groups"][0]["rules"]]
    panels = [target["expr"] for panel in BOARD["panels"] for target in panel["targets"]]
    assert set(FIGURE.findall(" ".join([*expressions, *panels]))) <= there
    assert len({panel["id"] for panel in BOARD["panels"]}) == len(BOARD["panels"])
