"""The register of organisations is loaded at the machine."""

from pathlib import Path

from tests.api.files.imports.organisations import ROW, as_csv
from typer.testing import CliRunner, Result

from api.cli.main import app
from ledger.database import Database


def test_it_says_what_it_would_write_and_refuses_by_row(database: Database, tmp_path: Path) -> None:
    path = tmp_path / "o.csv"
    path.write_bytes(as_csv(ROW, ROW | {"类别": "俱乐部"}))
    environment = {"DATABASE_URL": database.login, "MINSHENG_DATA": str(tmp_path)}

    def run(*options: str) -> Result:
        return CliRunner().invoke(app, ["import", "registry", str(path), *options], env=environment)

    tried = run("--dry-run", "--english")
    assert tried.exit_code == 1
    assert "o.csv!C3: has no choice 俱乐部" in tried.output
    assert "2 events would be written, 0 rows unchanged, 1 rows refused" in tried.output
    done = run()
    assert "o.csv!C3: 无此选项：俱乐部" in done.output
    assert "社会组织登记: 1" in done.output
    path.write_bytes(as_csv(ROW))
    again = run()
    assert (again.exit_code, again.output.strip()) == (0, "0 events written, 1 rows unchanged, 0 rows refused")
