"""docs/sampling.md: its programs make frames that the ledger takes, and recompute draws or say what was changed."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.docs.documents import DOCS, blocks
from tests.ledger.project.given import PROJECT, RULES, recorded

from api.routes.sampling import FrameView
from ledger.aggregates import FRAME
from ledger.project.occasions import ListedOccasion, register_occasions
from ledger.project.sampling import Frame, draw_sample, register
from minsheng_verify.draw import check_draw
from minsheng_verify.faults import Fault

PEOPLE = [f"示例登记号{number}" for number in range(140)]


def run(name: str, said: str, folder: Path) -> "subprocess.CompletedProcess[str]":
    [program] = [block.text for block in blocks(DOCS / "sampling.md") if block.words == ("python", name)]
    return subprocess.run([sys.executable, "-c", program], input=said, cwd=folder, capture_output=True, text=True)


@pytest.fixture
def answer(tmp_path: Path) -> Any:
    """What the service answers of a frame that was made by the program, and of its draw."""
    entries = tuple(json.loads(run("frame", "\n".join(PEOPLE), tmp_path).stdout))
    registered = register(
        Frame(PROJECT),
        entries,
        project=PROJECT,
        people_served=150,
        source="示例彩票",
        announced_on=date(2010, 9, 5),
        sampling=RULES.sampling,
        today=date(2010, 9, 1),
    )
    frame = FRAME.evolve(Frame(PROJECT), recorded(registered, 1))
    sample = draw_sample(frame, project=PROJECT, source="示例彩票", value="演示 07", today=date(2010, 9, 5))
    view = FrameView(project=PROJECT, known=2, size=140, people_served=150, frame=registered, sample=sample, present={})
    return json.loads(view.model_dump_json())


def test_a_draw_is_recomputed_from_the_public_answer(answer: Any, tmp_path: Path) -> None:
    done = run("draw", json.dumps(answer), tmp_path)
    assert (done.returncode, done.stdout) == (0, "14 of 140 drawn as announced\n"), done.stderr


def test_the_organisation_can_show_who_is_behind_an_entry(answer: Any, tmp_path: Path) -> None:
    keys = json.loads((tmp_path / "keys.json").read_text())
    assert sorted(keys) == answer["frame"]["entries"]
    assert sorted(key["reference"] for key in keys.values()) == sorted(PEOPLE)


def exchanged(answer: Any) -> None:
    answer["frame"]["entries"][5] = "0" * 64


def left_out(answer: Any) -> None:
    answer["frame"]["entries"].remove(answer["sample"]["drawn"][0])


def twice(answer: Any) -> None:
    answer["frame"]["entries"].append(answer["frame"]["entries"][-1])


def another_value(answer: Any) -> None:
    answer["sample"]["value"] = "演示 08"


def another_person(answer: Any) -> None:
    drawn = answer["sample"]["drawn"]
    drawn[0] = next(entry for entry in answer["frame"]["entries"] if entry not in drawn)


def fewer_people(answer: Any) -> None:
    answer["sample"]["drawn"].pop()


@pytest.mark.parametrize(
    ("tamper", "said"),
    [
        (exchanged, "the frame was changed"),
        (left_out, "the frame was changed"),
        (twice, "the frame was changed"),
        (another_value, "the sample was not drawn so"),
        (another_person, "the sample was not drawn so"),
        (fewer_people, "the sample was not drawn so"),
    ],
)
def test_what_was_tampered_with_is_detected(answer: Any, tmp_path: Path, tamper: Any, said: str) -> None:
    tamper(answer)
    done = run("draw", json.dumps(answer), tmp_path)
    assert (done.returncode, done.stderr.strip()) == (1, said)


@pytest.fixture
def occasions() -> Any:
    """What the service answers of a list of occasions, and of its draw."""
    days = [date(2010, 9, day) for day in range(6, 30)]
    listed = [ListedOccasion(name=f"示例讲座{day.day}", on=day, place="示例社区", expected=20) for day in days]
    registered = register_occasions(
        Frame(PROJECT),
        listed,
        project=PROJECT,
        people_served=150,
        source="示例彩票",
        announced_on=date(2010, 9, 5),
        sampling=RULES.sampling,
        today=date(2010, 9, 1),
    )
    frame = FRAME.evolve(Frame(PROJECT), recorded(registered, 1))
    sample = draw_sample(frame, project=PROJECT, source="示例彩票", value="演示 07", today=date(2010, 9, 5))
    answer = {"frame": registered.model_dump(mode="json"), "sample": sample.model_dump(mode="json")}
    return json.loads(json.dumps(answer))


def test_a_draw_of_occasions_is_recomputed(occasions: Any, tmp_path: Path) -> None:
    done = run("draw", json.dumps(occasions), tmp_path)
    assert (done.returncode, done.stdout) == (0, "10 of 24 drawn as announced\n"), done.stderr
    assert check_draw(occasions).drawn == 10


@pytest.mark.parametrize(("field", "value"), [("expected", 2000), ("place", "示例广场"), ("on", "2010-10-01")])
def test_a_changed_occasion_is_detected(occasions: Any, tmp_path: Path, field: str, value: Any) -> None:
    occasions["frame"]["occasions"][3][field] = value
    done = run("draw", json.dumps(occasions), tmp_path)
    assert (done.returncode, done.stderr.strip()) == (1, "an occasion was changed")
    with pytest.raises(Fault, match="has the entry"):
        check_draw(occasions)
