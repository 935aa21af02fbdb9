"""The texts of the pages: both languages, and none that no page uses."""

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from string import Formatter
from typing import Any

import pytest

from api import pages
from api.admin.places import PLACES
from api.pages import (
    admin_texts,
    answer_texts,
    audit_texts,
    briefing_texts,
    code_texts,
    data_texts,
    draw_texts,
    event_texts,
    fact_field_texts,
    form_texts,
    frame_texts,
    home_texts,
    organisation_texts,
    participate_texts,
    programme_texts,
    project_texts,
    public_texts,
    sign_in_texts,
    texts,
    time_texts,
    work_texts,
)
from api.work import work_codes
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.core.words import Words
from ledger.facts import FACTS
from ledger.organisation.registration import OrganisationKind
from ledger.project.application import SupportKind
from ledger.project.chosen import HonourStanding
from ledger.project.invitations import Charged, Helped, Relation, WhyForAnother
from ledger.project.money import Source, Stage
from ledger.project.payments import PaidUnder
from ledger.project.purchase import ContractRelation
from ledger.project.reconsideration import RequestOutcome
from ledger.project.screening import ScreeningResult
from ledger.project.status import Status
from ledger.project.support import SupportOutcome
from ledger.sealed_reads import Why
from ledger.values import FundingSource
from projections.exception_kinds import ExceptionKind
from projections.figures import By
from projections.money_queries import GroupBy
from projections.statistics import Step

HERE = Path(pages.__file__).parent
BY_CODE: dict[type[StrEnum], Mapping[Any, Words]] = {
    Status: code_texts.STATUS,
    Role: ROLE,
    FundingSource: code_texts.SOURCE,
    SupportKind: code_texts.SUPPORT,
    ScreeningResult: code_texts.SCREENING,
    SupportOutcome: code_texts.SUPPORT_OUTCOME,
    RequestOutcome: code_texts.REQUEST_OUTCOME,
    ContractRelation: code_texts.RELATION,
    PaidUnder: code_texts.UNDER,
    By: briefing_texts.HEADING,
    OrganisationKind: briefing_texts.KIND,
    Step: briefing_texts.STEP,
    Stage: briefing_texts.STAGE,
    Source: briefing_texts.SOURCE,
    HonourStanding: code_texts.HONOUR_STANDING,
    Helped: answer_texts.HELPED,
    Charged: answer_texts.CHARGED,
    Relation: answer_texts.RELATION,
    WhyForAnother: answer_texts.WHY,
    ExceptionKind: audit_texts.EXCEPTION,
    GroupBy: audit_texts.GROUP,
    Why: audit_texts.WHY,
}
TABLES: tuple[Mapping[Any, Words], ...] = (
    texts.PAGE,
    sign_in_texts.SIGN_IN,
    frame_texts.FRAME,
    home_texts.HOME,
    public_texts.PUBLIC,
    project_texts.PROJECT,
    time_texts.TIME,
    event_texts.EVENT,
    draw_texts.DRAW,
    organisation_texts.ORGANISATION,
    participate_texts.PARTICIPATE,
    programme_texts.RULES,
    programme_texts.STEP,
    fact_field_texts.FACT_FIELDS,
    work_texts.WORK,
    form_texts.FORMS,
    work_codes.SCHEMES,
    work_codes.JUDGING,
    work_codes.PAPER,
    work_codes.MEANS,
    work_codes.DOCUMENT,
    work_codes.LISTING,
    work_codes.WAYS,
    admin_texts.ADMIN,
    answer_texts.ANSWER,
    audit_texts.AUDIT,
    data_texts.DATA,
    answer_texts.LETTER,
    answer_texts.SATISFACTION,
    code_texts.EVALUATION,
    code_texts.STANDING,
    briefing_texts.BRIEFING,
    code_texts.COMPONENT,
    code_texts.CREDIT_LIST,
    {name: fact.named for name, fact in FACTS.items()},
    {name: fact.sentence for name, fact in FACTS.items() if hasattr(fact, "sentence")},
    *(fact.also for fact in FACTS.values()),
    *BY_CODE.values(),
)
ALL = [(str(key), words) for table in TABLES for key, words in table.items()]


def placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize(("key", "words"), ALL)
def test_every_text_has_both_languages(key: str, words: Words) -> None:
    assert words.zh
    assert words.en
    if key not in ("result", "day_late"):
        assert placeholders(words.zh) == placeholders(words.en)
    if key != "other_language":
        assert not re.search(r"[\u4e00-\u9fff]", words.en)


@pytest.mark.parametrize("codes", BY_CODE, ids=lambda codes: codes.__name__)
def test_every_code_has_a_name(codes: type[StrEnum]) -> None:
    assert set(BY_CODE[codes]) == set(codes)


def test_every_text_is_used() -> None:
    templates = "".join(path.read_text() for path in HERE.glob("templates/*"))
    modules = [path for folder in (".", "../sign_in", "../work", "../audit") for path in HERE.glob(f"{folder}/*.py")]
    source = "".join(path.read_text() for path in modules if not path.name.endswith("texts.py"))
    in_templates = set(re.findall(r"\bt\.(\w+)", templates))
    shared = (
        texts.PAGE,
        sign_in_texts.SIGN_IN,
        frame_texts.FRAME,
        home_texts.HOME,
        public_texts.PUBLIC,
        project_texts.PROJECT,
        time_texts.TIME,
        event_texts.EVENT,
        draw_texts.DRAW,
        organisation_texts.ORGANISATION,
        programme_texts.RULES,
        participate_texts.PARTICIPATE,
        work_texts.WORK,
        form_texts.FORMS,
        answer_texts.ANSWER,
        audit_texts.AUDIT,
        data_texts.DATA,
    )
    there = set().union(*shared)
    assert len(there) == sum(map(len, shared)), "no name is taken twice"
    assert in_templates <= there
    in_source = {key for key in there if f'"{key}"' in source}
    made = {
        key
        for key in there
        if key.startswith(("sort_", "field_", "facet_", "show_", "stage_", "audit_", "column_", "orgs_", "data_"))
        or key.endswith("_unit")
    }
    assert there == in_templates | in_source | made


def test_every_text_of_administration_is_used() -> None:
    source = "".join(path.read_text() for path in (HERE / "../admin").glob("*.py"))
    places = {f"{one.key}_lead" for one in PLACES}
    by_code = ("act_", "why_", "content_", "delivery_", "ended_by_", "do_", "done_")
    left = {key for key in admin_texts.ADMIN if f'"{key}"' not in source and not key.startswith(by_code)}
    assert left <= places


def test_every_text_of_letters_is_used() -> None:
    source = (HERE / "../forms/invitation_letters.py").read_text()
    assert {key for key in answer_texts.LETTER if f'"{key}"' not in source} == set()


def test_every_text_of_the_briefing_is_used() -> None:
    source = "".join((HERE / name).read_text() for name in ("briefing_view.py", "../forms/briefing_report.py"))
    assert {key for key in briefing_texts.BRIEFING if f'"{key}"' not in source} == set()
