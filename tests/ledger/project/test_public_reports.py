"""A report by anybody and the authority's answer."""

from datetime import date
from uuid import uuid4

import pytest
from tests.ledger.project.given import PROJECT, recorded
from tests.support import refuses

from ledger.aggregates import PUBLIC_REPORT
from ledger.core.fact import Fact
from ledger.project.public_reports import (
    PublicReport,
    PublicReportAlreadyAnswered,
    PublicReportUnknown,
    answer,
    receive,
)

REPORT = uuid4()
RECEIVED = receive(PROJECT, "示例：送餐没有按时。", None)


def given(*facts: Fact) -> PublicReport:
    report = PublicReport(REPORT)
    for version, fact in enumerate(facts, 1):
        report = PUBLIC_REPORT.evolve(report, recorded(fact, version, on=date(2010, 4, version)))
    return report


def test_an_answer_repeats_nothing_of_the_report() -> None:
    fact = answer(given(RECEIVED), PROJECT, "送餐时间", "已要求整改。")
    assert (fact.received_on, fact.subject, fact.answer) == (date(2010, 4, 1), "送餐时间", "已要求整改。")
    assert "没有按时" not in fact.model_dump_json()
    assert given(RECEIVED, fact).answered_on == date(2010, 4, 2)


def test_a_report_is_answered_once() -> None:
    fact = answer(given(RECEIVED), PROJECT, "送餐时间", "已要求整改。")
    with pytest.raises(PublicReportAlreadyAnswered):
        answer(given(RECEIVED, fact), PROJECT, "送餐时间", "再答。")


def test_a_foreign_or_missing_report_is_unknown() -> None:
    for report, project in ((given(), PROJECT), (given(RECEIVED), uuid4())):
        with refuses(PublicReportUnknown, report=REPORT):
            answer(report, project, "送餐时间", "已要求整改。")
