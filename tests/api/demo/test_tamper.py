"""`make tamper`: one changed bit in a copy is named by everybody who looks."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.support import open_folder
from tests.verify.grants import grants

from ledger.database.embedded import EmbeddedServer


def test_one_changed_bit_is_named_everywhere() -> None:
    with open_folder() as folder:
        file = folder / "grants.json"
        file.write_text(json.dumps(grants(300)))
        environment = os.environ | {"MINSHENG_DATA": str(folder / "data")}
        environment.pop("DATABASE_URL", None)
        minsheng = Path(sys.executable).with_name("minsheng")
        with EmbeddedServer.open(folder / "data"):
            for command in (["import", "360giving", str(file)], ["log", "sign"]):
                subprocess.run([minsheng, *command], env=environment, check=True, capture_output=True, timeout=120)
            tamper = [sys.executable, "-m", "api.demo.tamper"]
            done = subprocess.run(tamper, env=environment, capture_output=True, text=True, timeout=240)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout.count(": names it") == 3
        assert done.stdout.count("position 300") >= 3
