"""Wrong questions end with 2 and say what would be right; the program stands alone."""

import json
import subprocess
import sys
from importlib.metadata import files
from pathlib import Path

import cryptography
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rfc8785 import dumps
from tests.verify.producer import LOG, Made, Signer, events
from tests.verify.running import accepted, refused, run
from tests.verify.serving import served

import minsheng_verify
from ledger.vault import Purpose
from ledger.vault import commitment as vault_commitment
from minsheng_verify.canonical import canonical
from minsheng_verify.sealed import commitment

WITNESS = Signer("witness.example", 4)
SALT = "ab" * 32


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("nothing",),
        ("checkpoint",),
        ("checkpoint", "no-such-folder"),
        ("checkpoint", "ftp://ledger.example"),
        ("checkpoint", "http://"),
        ("checkpoint", "http://host:port"),
        ("checkpoint", "http://[::1"),
        ("checkpoint", ".", "--key", "no key"),
        ("checkpoint", ".", "--key", WITNESS.key),
        ("checkpoint", ".", "--witness", LOG.key),
        ("checkpoint", ".", "--quorum", "1"),
        ("checkpoint", ".", "--quorum", "-1"),
        ("checkpoint", ".", "--timeout", "0"),
        ("checkpoint", ".", "--timeout", "nan"),
        ("inclusion", "."),
        ("inclusion", ".", "-1"),
        ("inclusion", ".", "first"),
        ("inclusion", ".", "٣"),
        ("inclusion", ".", "9" * 30),
        ("inclusion", ".", "1", "--proof", "no-such-file"),
        ("award", ".", "no-such-file"),
        ("draw", "no-such-file"),
        ("draw", "http://[::1"),
        ("reveal", "00", "--purpose", "contact", "--salt", SALT, "--value", "-"),
        ("reveal", SALT, "--purpose", "contact", "--salt", "xy", "--value", "-"),
        ("reveal", SALT, "--purpose", "contact", "--salt", SALT, "--value", "no-such-file"),
    ],
)
def test_a_wrong_question_ends_with_2(arguments: tuple[str, ...], tmp_path: Path) -> None:
    memory = ("--memory", tmp_path / "memory.json") if arguments[1:] and arguments[0] not in ("draw", "reveal") else ()
    ran = run(*arguments, *memory)
    assert (ran.code, ran.out) == (2, ""), ran
    assert ran.err


def test_a_document_may_come_by_standard_input_or_address(tmp_path: Path) -> None:
    asked = [sys.executable, "-m", "minsheng_verify", "draw"]
    done = subprocess.run([*asked, "-"], input="[]", capture_output=True, text=True)
    assert (done.returncode, "a frame or sample is missing" in done.stderr) == (1, True)
    (tmp_path / "answer.json").write_text("[]")
    with served(tmp_path) as address:
        refused("a frame or sample is missing", "draw", f"{address}/answer.json?known_at=7")
        refused("is missing (404)", "draw", f"{address}/other.json")


def test_a_reader_who_stops_reading_sees_no_complaint(tmp_path: Path) -> None:
    folder = Made(events(3)).write(tmp_path / "log")
    asked = [sys.executable, "-m", "minsheng_verify", "all", str(folder), "--memory", str(tmp_path / "memory.json")]
    with subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout and process.stderr
        process.stdout.close()
        assert process.stderr.read() == ""


def test_a_folder_without_a_log_does_not_verify(tmp_path: Path) -> None:
    refused("checkpoint is missing", "checkpoint", tmp_path, "--memory", tmp_path / "memory.json")


def test_json_names_the_fault_and_place(tmp_path: Path) -> None:
    asked = ("inclusion", Made(events(3)).write(tmp_path / "log"), 3, "--memory", tmp_path / "memory.json", "--json")
    assert run(*asked).json == {"ok": False, "fault": "the log has 3 entries, so none at position 3", "position": 3}
    assert accepted("checkpoint", *asked[1:2], *asked[3:]).json["ok"] is True


values = st.recursive(
    st.none() | st.booleans() | st.integers(-(1 << 53) + 1, (1 << 53) - 1) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(values, st.sampled_from(Purpose), st.binary(min_size=32, max_size=32))
def test_a_commitment_is_that_of_the_vault(value: object, purpose: Purpose, salt: bytes) -> None:
    assert canonical(value) == dumps(value)  # type: ignore[arg-type]
    assert commitment(purpose.value, salt, value) == vault_commitment(purpose, salt, value).hex()


@given(st.data())
def test_a_sealed_value_is_revealed_only_by_itself(data: st.DataObject) -> None:
    value = {"name": "李示例", "telephone": "010-00000000"}
    found = commitment("contact", bytes.fromhex(SALT), value)
    other = data.draw(st.dictionaries(st.text(), st.text()).filter(lambda one: one != value))
    assert commitment("contact", bytes.fromhex(SALT), other) != found


def test_a_sealed_value_is_compared_with_its_commitment(tmp_path: Path) -> None:
    file = tmp_path / "value.json"
    file.write_text('{"telephone": "010-00000000",\n "name": "李示例"}')
    found = vault_commitment(
        Purpose.CONTACT, bytes.fromhex(SALT), {"name": "李示例", "telephone": "010-00000000"}
    ).hex()
    accepted("reveal", found, "--purpose", "contact", "--salt", SALT, "--value", file)
    for purpose, salt in (("honour", SALT), ("contact", "cd" * 32)):
        refused(f"not {found}", "reveal", found, "--purpose", purpose, "--salt", salt, "--value", file)
    for text, said in [("1.5", "cannot have been sealed"), ('"\\ud800"', "cannot have been sealed"), ("{", "not JSON")]:
        file.write_text(text)
        refused(said, "reveal", found, "--purpose", "contact", "--salt", SALT, "--value", file)


def test_a_copy_of_the_folder_runs_with_cryptography_alone(tmp_path: Path) -> None:
    """Without site-packages, next to nothing but that library and its binding."""
    source = Path(minsheng_verify.__file__).parent
    (tmp_path / "lib").mkdir()
    (tmp_path / "lib" / source.name).symlink_to(source)
    site = Path(cryptography.__file__).parents[1]
    for package in ("cryptography", "cffi", "pycparser"):
        for file in {path.parts[0] for path in files(package) or () if ".." not in path.parts}:
            if not file.endswith(".dist-info"):
                (tmp_path / "lib" / file).symlink_to(site / file)
    folder = Made(events(300)).write(tmp_path / "log")
    program = (
        f"import sys; sys.path[:0] = [{str(tmp_path / 'lib')!r}]; from minsheng_verify.cli import main; "
        f"code = main(['all', {str(folder)!r}, '--memory', {str(tmp_path / 'seen.json')!r}, '--json']); "
        "assert not {'ledger', 'projections', 'api', 'typer', 'pydantic'} & set(sys.modules); sys.exit(code)"
    )
    command = [sys.executable, "-S", "-E", "-c", program]
    done = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["size"] == 300
