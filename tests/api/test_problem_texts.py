"""Problems: no English words in Chinese, and names instead of codes in both languages."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Any, get_type_hints

import pytest
from fastapi.routing import APIRoute
from pydantic import TypeAdapter, ValidationError
from tests.api.client import Town
from tests.api.openapi.reference import application, document

from api.command_route import CommandRoute
from api.problem_texts import FACT_NAMES, FIELD_ERRORS, READING, field_error, finding_text, names_of, sentence
from ledger.core.action import ACTIONS
from ledger.core.fact import Role
from ledger.core.refusal import Refusal
from ledger.project.delivery import MilestoneOutOfOrder
from ledger.project.findings import Finding
from ledger.project.purchase import SIGN_PURCHASE
from ledger.project.review import APPROVE
from ledger.project.status import Status
from ledger.refusals.general import (
    ChoiceUnknown,
    CorrectionNotPossible,
    OutOfScope,
    PhaseClosed,
    QuotaFull,
    RoleMayNot,
    StepOutOfOrder,
)
from ledger.rules import beijing_2010, read_rules

LATIN = re.compile(r"[A-Za-z]{2,}")
# Names of headers, file formats, standards and programs, which are what they are in any language.
PROPER = re.compile(
    r"Content-Type|Idempotency-Key|If-Match|UTF-8|NFC|Unicode|MB|Parquet|pip install pyarrow|CSV|C2SP|tlog-tiles|"
    r"minsheng( log check| clock accept)|SCHEME:ID|CN-REG|CN-USCI|application/json|resume|after|/v1/feed|"
    r"completion、beneficiaries、third_party"
)
WRONG: tuple[Any, ...] = (
    None, True, -1, 1.5, 10**30, "", " ", "x", "X" * 20_001, "a\nb", "\x00", "2010-02-30", "1800-01-01", "20100301",
    [], {}, [None], ["x"] * 20_000, {"no_such_field": 1}, {"kind": "none"}, {"amount": 1, "currency": "CNY"},
    {"amount": "1e5", "currency": "cny"}, {"scheme": "CN-USCI", "id": "51110000500012345X"}, {"scheme": "?", "id": "1"},
    {"start": "2010-03-02", "end": "2010-03-01"},
)  # fmt: skip
RULES = read_rules(beijing_2010())
NAMES = names_of(RULES)


def commands() -> Iterator[tuple[str, TypeAdapter[Any], dict[str, Any]]]:
    paths = document()["paths"]
    for route in application().routes:
        if isinstance(route, APIRoute) and "POST" in (route.methods or ()):
            hints = get_type_hints(route.endpoint, include_extras=True)
            content = paths.get(route.path_format, {}).get("post", {}).get("requestBody", {}).get("content", {})
            example = content.get("application/json", {}).get("example")
            if isinstance(route, CommandRoute) or "body" in hints:
                yield route.path, TypeAdapter(hints["body"]), example or {}


def changed(value: Any) -> Iterator[Any]:
    """The value with each of its parts replaced by each wrong value, or left out."""
    yield from WRONG
    if isinstance(value, dict):
        for key, part in value.items():
            yield {name: one for name, one in value.items() if name != key}
            for wrong in changed(part):
                yield value | {key: wrong}
        yield value | {"no_such_field": 1}
        yield value | {"late_entry": {"effective_on": "x"}}
    if isinstance(value, list) and value:
        for wrong in changed(value[0]):
            yield [wrong]


def test_every_validation_error_has_chinese_text() -> None:
    met: set[str] = set()
    for path, body, example in commands():
        for wrong in changed(example):
            try:
                body.validate_python(wrong)
            except ValidationError as error:
                for found in error.errors(include_url=False)[:20]:
                    met.add(found["type"])
                    said = field_error(found, "zh")
                    assert found["type"] in FIELD_ERRORS, f"{path}: {found['type']}: {found['msg']}"
                    assert not LATIN.search(PROPER.sub("", said)), said
                    assert "{" not in said
    assert len(met) > 20, met


def test_texts_of_field_errors_have_no_english_words() -> None:
    for said in FIELD_ERRORS.values():
        assert not LATIN.search(PROPER.sub("", re.sub(r"\{\w+\}", "", said))), said


@pytest.mark.parametrize("refusal", Refusal.__subclasses__(), ids=lambda refusal: refusal.code)
def test_sentences_have_no_english_words_of_their_own(refusal: type[Refusal]) -> None:
    own = PROPER.sub("", re.sub(r"\{\w+\}", "", refusal.zh))
    assert not LATIN.search(own), own


def test_every_command_and_event_has_a_chinese_name() -> None:
    names = [action.named.zh for action in ACTIONS.values()]
    names += [name.zh for name in (*READING.values(), *FACT_NAMES.values())]
    assert not [name for name in names if LATIN.search(name)]


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (RoleMayNot(role=Role.LEADING_GROUP, command="award top-ten"), "领导小组"),
        (RoleMayNot(role="office", command=APPROVE), "领导小组办公室"),
        (OutOfScope(command=SIGN_PURCHASE), "签订购买服务合同"),
        (StepOutOfOrder(status=Status.IN_DELIVERY, command="print the contract"), "打印合同"),
        (MilestoneOutOfOrder(expected="start", got="completion"), NAMES["completion"].zh),
        (PhaseClosed(phase="review", start="2010-02-01", end="2010-02-02", today="2010-03-01"), NAMES["review"].zh),
        (CorrectionNotPossible(type="Approved", why_zh="第 9 版的 Published 以此为据。", why_en=""), "的 公布 以此"),
        (QuotaFull(quota="advanced-organisation", places=3), NAMES["advanced-organisation"].zh),
        (
            ChoiceUnknown(field="category", value="?", choices=", ".join(one.code for one in RULES.categories)),
            "扶老助残、",
        ),
    ],
    ids=lambda part: part.code if isinstance(part, Refusal) else "",
)
def test_codes_are_told_by_their_names(refusal: Refusal, said: str) -> None:
    told = sentence(refusal, "zh", NAMES)
    assert said in told
    assert not LATIN.search(told), told


@pytest.mark.parametrize(
    ("refusal", "said"),
    [
        (
            RoleMayNot(role=Role.PROMOTION_ASSOCIATION, command="award top-ten"),
            f'The role "Promotion association" may not award an honour ({NAMES["top-ten"].en}).',
        ),
        (
            StepOutOfOrder(status=Status.IN_DELIVERY, command=SIGN_PURCHASE),
            'The status of the project is "In delivery"; you cannot sign a purchase contract now.',
        ),
        (OutOfScope(command="read_feedback"), "You may read the answers of beneficiaries only for your own"),
        (
            CorrectionNotPossible(type="Approved", why_zh="", why_en="Published at version 9 rests on it."),
            "This event (approval) cannot be corrected so: publication at version 9 rests on it.",
        ),
    ],
    ids=lambda part: part.code if isinstance(part, Refusal) else "",
)
def test_codes_are_told_by_their_english_names(refusal: Refusal, said: str) -> None:
    assert said in sentence(refusal, "en", NAMES)


async def test_the_service_answers_in_chinese_throughout(town: Town) -> None:
    project = await town.published()
    chinese = {"Accept-Language": "zh"}
    number = project.rsplit("/", 1)[1]
    answers = [
        await town.local.post(f"{project}/milestones", {"milestone": "late", "people_served": 1}, chinese),
        await town.local.post(
            f"{project}/milestones", {"milestone": "late", "work_done": "示例。", "people_served": 1}, chinese
        ),
        await town.local.post(f"{project}/approval", {"application_version": 1, "reason": "示例。"}, chinese),
        await town.members[0].post(
            "/v1/programmes/beijing-2010/publications", {"projects": [number], "notice": "示例"}, chinese
        ),
        await town.office.post(
            "/v1/programmes/beijing-2010/publications", {"projects": [number], "notice": "示例"}, chinese
        ),
        await town.public.get(f"{project}/findings", "zh"),
        await town.public.get("/v1/projects", "zh", limit="many"),
    ]
    for answer in answers:
        assert answer.status_code >= 400
        problem = answer.json()
        assert answer.headers["content-language"] == "zh-CN"
        for text in (problem["title"], *(one["message"] for one in problem.get("errors", ()))):
            assert not LATIN.search(PROPER.sub("", text)), text
    english = await town.local.post(f"{project}/milestones", {"milestone": "late"})
    assert not re.search(r"[\u4e00-\u9fff]", english.json()["title"] + str(english.json()["errors"]))


@pytest.mark.parametrize(
    ("finding", "zh", "en"),
    [
        (
            Finding((9, 8), StepOutOfOrder(status=Status.APPROVED, command=APPROVE), (), date(2010, 3, 1)),
            "按生效日（2010-03-01）的先后：项目状态为 已通过，不能执行 批准。",
            'By the order of effective days (2010-03-01): The status of the project is "Approved"; you cannot approve '
            "a project now.",
        ),
        (
            Finding((9, 8), differs=("amount", "reason")),
            "按其所依据的事实，金额、理由应为另值。",
            "By the facts that it rests on, amount, reason would differ.",
        ),
    ],
)
def test_findings_are_told_by_names(finding: Finding, zh: str, en: str) -> None:
    assert (finding_text(finding, "zh", NAMES), finding_text(finding, "en", NAMES)) == (zh, en)
