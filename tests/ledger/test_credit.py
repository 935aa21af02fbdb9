"""What a credit record says of an organisation and its projects, and how it stands on a day (N22, Order 60)."""

from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from tests.ledger.project.given import AT, DAY, MEMBERS, ORGANISATION, SIGNED, history, scores, yuan
from tests.ledger.project.lives import BACK, CLOSED, ORDERED, PAID, START, TERMINATED, accepted, answered, checked

from ledger.aggregates import ORGANISATION as ORGANISATION_STREAMS
from ledger.aggregates import PROJECT
from ledger.core.envelope import Restated, Voided
from ledger.core.fact import Fact, Sealed
from ledger.core.history import Timeline
from ledger.credit import credit_lines
from ledger.credit_line import (
    ORDER_60,
    CreditClass,
    CreditKind,
    CreditLine,
    CreditStatus,
    Dispute,
    class_on,
    days_to_record,
    is_in_time,
    status_on,
)
from ledger.identifiers import Identifier
from ledger.organisation.ending import RegistrationEnd, RegistrationEnded
from ledger.organisation.oversight import (
    AnnualReportFiled,
    InspectionResult,
    PenaltyEnding,
    PenaltyImposed,
    PenaltyKind,
    PenaltyLifted,
)
from ledger.organisation.registration import OrganisationKind, OrganisationRegistered
from ledger.organisation.standing import Delisted, Graded, Listed
from ledger.project.ending import Transferred
from ledger.project.evaluation import Evaluated, EvaluationPublished, SelfEvaluation, ThirdPartyEvaluation
from ledger.project.honours import Awarded, HonourRevoked
from ledger.project.nominations import OrganisationRecipient, PersonRecipient
from ledger.project.objections import ObjectionRaised, ObjectionResolved
from ledger.project.reconsideration import RequestOutcome, ReviewRequestDecided, ReviewRequested
from ledger.project.recovery import RecoveryRecorded
from ledger.rules import CreditList, WorkCalendar

HEIR = UUID(int=77)
PAPER: dict[str, Any] = {"authority": "示例民政局", "document_number": "示例7号"}
REGISTERED = OrganisationRegistered(
    identifiers=(Identifier(scheme="CN-REG", id="示例0001"),),
    name="示例会",
    kind=OrganisationKind.FOUNDATION,
    district=None,
    contract_body=None,
    contact=None,
)
GRADED = Graded(grade=4, valid_from=date(2010, 3, 1), valid_until=date(2015, 2, 28), **PAPER)
LISTED = Listed(list=CreditList.ABNORMAL, reason="示例：未按时报告。", **PAPER)
LEFT = Delisted(list=CreditList.ABNORMAL, reason="示例：已改正。", **PAPER)
TRANSFERRED = Transferred(organisation=HEIR, organisation_name="示例会", district=None, reason="合并。")


def project(*facts: Fact, days: tuple[date, ...] = ()) -> list[CreditLine]:
    """The last facts on the days given, the others on the first."""
    events = history(*facts)
    for nth, day in enumerate(reversed(days), 1):
        event = events[-nth].event.model_copy(update={"effective_on": day})
        events[-nth] = replace(events[-nth], event=event)
    return list(credit_lines(Timeline(PROJECT, events[0].stream, events)))


def organisation(*facts: Fact, days: tuple[date, ...] = ()) -> list[CreditLine]:
    events = history(REGISTERED, *facts)
    for nth, day in enumerate(reversed(days), 1):
        event = events[-nth].event.model_copy(update={"effective_on": day})
        events[-nth] = replace(events[-nth], event=event)
    return list(credit_lines(Timeline(ORGANISATION_STREAMS, events[0].stream, events)))


def of_kind(lines: list[CreditLine], kind: CreditKind) -> CreditLine:
    [found] = [line for line in lines if line.kind is kind]
    return found


def test_the_record_starts_with_publication() -> None:
    assert project(*AT.PUBLICATION[:-1]) == []
    lines = project(*AT.PUBLICATION)
    assert {line.kind for line in lines} == {CreditKind.PARTICIPATION, CreditKind.CONTRACT}
    contract = of_kind(lines, CreditKind.CONTRACT)
    assert (contract.what, contract.authority, contract.document_number) == (
        SIGNED.number,
        SIGNED.authority,
        SIGNED.number,
    )
    assert (contract.since, contract.result) == (SIGNED.signed_on, "running")
    assert {line.organisation for line in lines} == {ORGANISATION}


@pytest.mark.parametrize(
    ("facts", "result"),
    [
        ((*AT.COMPLETION, *(accepted(START + number) for number in range(5)), CLOSED), "kept"),
        ((*AT.PUBLICATION, TERMINATED), "terminated"),
        ((*AT.PUBLICATION, TERMINATED, CLOSED), "terminated"),
        ((*AT.PUBLICATION, TRANSFERRED), "transferred"),
    ],
)
def test_a_contract_says_whether_it_was_kept(facts: tuple[Fact, ...], result: str) -> None:
    assert of_kind(project(*facts), CreditKind.CONTRACT).result == result


def test_money_to_be_recovered_stays_until_all_of_it_came() -> None:
    left = RecoveryRecorded(amount=yuan("600.00"), reason="示例：催缴未果。")
    ended = (*AT.DELIVERY, PAID, TERMINATED, BACK, left, CLOSED)
    line = of_kind(project(*ended), CreditKind.RECOVERY)
    assert (line.what, line.result, line.reason) == ("600.00 CNY", "outstanding", left.reason)
    assert status_on(line, DAY) is CreditStatus.ACTIVE
    back = BACK.model_copy(update={"amount": yuan("300.00"), "voucher": "示例退2"})
    half = of_kind(project(*ended, back), CreditKind.RECOVERY)
    assert (half.result, half.repaired_on, len(half.positions)) == ("outstanding", None, 2)
    days = (date(2011, 3, 1), date(2011, 4, 1))
    came = of_kind(
        project(*ended, back, back.model_copy(update={"voucher": "示例退3"}), days=days), CreditKind.RECOVERY
    )
    assert (came.line, came.result, came.repaired_on) == (line.line, "recovered", days[1])
    assert status_on(came, days[0]) is CreditStatus.ACTIVE
    assert status_on(came, days[1]) is CreditStatus.REPAIRED


def test_a_line_belongs_to_the_holder_then() -> None:
    lines = project(*AT.PUBLICATION, ORDERED, TRANSFERRED, ORDERED)
    held = [(line.kind.value, line.organisation) for line in lines]
    assert sorted(held, key=str) == sorted(
        [
            ("participation", ORGANISATION),
            ("participation", HEIR),
            ("contract", ORGANISATION),
            ("rectification", ORGANISATION),
            ("rectification", HEIR),
        ],
        key=str,
    )
    assert len({line.line for line in lines}) == len(lines)


def test_an_id_stays_whatever_becomes_of_the_line() -> None:
    before = of_kind(project(*AT.PUBLICATION, ORDERED), CreditKind.RECTIFICATION)
    after = of_kind(project(*AT.PUBLICATION, ORDERED, answered(START), checked(START, True)), CreditKind.RECTIFICATION)
    assert (before.line, before.repaired_on) == (after.line, None)
    assert status_on(before, DAY) is CreditStatus.ACTIVE
    assert status_on(after, DAY) is CreditStatus.REPAIRED
    assert len(after.positions) == 3


def test_leaving_a_list_repairs_the_record() -> None:
    line = of_kind(organisation(LISTED, LEFT, days=(date(2018, 3, 1), date(2018, 6, 1))), CreditKind.LIST)
    assert (line.what, line.reason, line.authority) == ("abnormal", LISTED.reason, "示例民政局")
    assert [status_on(line, day) for day in (date(2018, 3, 1), date(2018, 5, 31), date(2018, 6, 1))] == [
        CreditStatus.ACTIVE,
        CreditStatus.ACTIVE,
        CreditStatus.REPAIRED,
    ]
    again = organisation(LISTED, LEFT, LISTED)
    assert [line.repaired_on is None for line in again if line.kind is CreditKind.LIST] == [False, True]


def test_a_grade_expires_the_day_after_its_last() -> None:
    line = of_kind(organisation(GRADED), CreditKind.GRADE)
    assert (line.what, line.since) == ("4A", GRADED.valid_from)
    assert status_on(line, GRADED.valid_until) is CreditStatus.ACTIVE
    assert status_on(line, date(2015, 3, 1)) is CreditStatus.EXPIRED


def test_corrections_change_or_remove_their_line() -> None:
    better = GRADED.model_copy(update={"grade": 5})
    restated = Restated(target=2, restated_on=DAY, fact=better, reason="误录。")
    line = of_kind(organisation(GRADED, restated), CreditKind.GRADE)
    assert (line.what, status_on(line, date(2010, 4, 1))) == ("5A", CreditStatus.CORRECTED)
    assert line.positions == (20, 30)
    assert line.line == of_kind(organisation(GRADED), CreditKind.GRADE).line
    assert {line.kind for line in organisation(GRADED, Voided(target=2, reason="误录。"))} == {CreditKind.REGISTRATION}


ITSELF = Evaluated(evaluation=SelfEvaluation(scores=scores(80, 85, 91), conclusion="示例。"), scale=100)
MEMBER = Evaluated(
    evaluation=ThirdPartyEvaluation(member=MEMBERS[0], scores=scores(70, 70, 71), conclusion="示例。"), scale=100
)
FIRST = len(AT.COMPLETION) + 1
SHOWN = EvaluationPublished(evaluations=(FIRST, FIRST + 1), notice="示例公示", objections_until=date(2010, 2, 7))
EVALUATED = (*AT.COMPLETION, ITSELF, MEMBER, SHOWN)
OBJECTED = ObjectionRaised(target=FIRST + 1, reason="示例：不实。")


def resolved(upheld: bool) -> ObjectionResolved:
    return ObjectionResolved(objection=FIRST + 3, target=FIRST + 1, accepted=upheld, reason="示例。")


def test_an_evaluation_counts_after_its_notice() -> None:
    line = of_kind(project(*EVALUATED), CreditKind.EVALUATION)
    assert line.since == date(2010, 2, 8)
    assert [(one.by, one.score, one.scale) for one in line.scores] == [
        ("self", "85.33", 100),
        ("third_party", "70.33", 100),
    ]


def test_a_line_is_disputed_until_the_objection_is_decided() -> None:
    raised, decided = date(2010, 2, 5), date(2010, 2, 12)
    line = of_kind(project(*EVALUATED, OBJECTED, days=(raised,)), CreditKind.EVALUATION)
    assert line.disputes == (Dispute(since=raised, until=None),)
    assert status_on(line, decided) is CreditStatus.DISPUTED
    dismissed = of_kind(project(*EVALUATED, OBJECTED, resolved(False), days=(raised, decided)), CreditKind.EVALUATION)
    assert [status_on(dismissed, day) for day in (date(2010, 2, 11), decided)] == [
        CreditStatus.DISPUTED,
        CreditStatus.ACTIVE,
    ]
    upheld = of_kind(project(*EVALUATED, OBJECTED, resolved(True), days=(raised, decided)), CreditKind.EVALUATION)
    assert status_on(upheld, decided) is CreditStatus.CORRECTED
    assert [one.by for one in upheld.scores] == ["self"]


def test_a_contested_termination_is_marked_then_dropped() -> None:
    asked = ReviewRequested(target=START, reason="请复核。")
    line = of_kind(project(*AT.PUBLICATION, TERMINATED, asked), CreditKind.CONTRACT)
    assert (line.result, status_on(line, date(2010, 4, 1))) == ("terminated", CreditStatus.DISPUTED)
    decision = ReviewRequestDecided(
        request=START + 1, target=START, result=RequestOutcome.SET_ASIDE, document_number="示例", reason="示例。"
    )
    line = of_kind(project(*AT.PUBLICATION, TERMINATED, asked, decision), CreditKind.CONTRACT)
    assert (line.result, status_on(line, date(2010, 4, 1))) == ("running", CreditStatus.ACTIVE)


def honoured(recipient: OrganisationRecipient | PersonRecipient) -> Awarded:
    return Awarded(
        honour="advanced-organisation",
        recipient=recipient,
        deed="服务周到。",
        document_number="示例9号",
        place=1,
        places=100,
    )


def test_revocation_ends_an_honours_line() -> None:
    given = honoured(OrganisationRecipient(organisation=ORGANISATION, name="示例会"))
    revoked = HonourRevoked(award=FIRST, reason="示例。", document_number="示例10号", place_freed_because=None)
    line = of_kind(project(*AT.COMPLETION, given, revoked, days=(date(2010, 5, 4),)), CreditKind.HONOUR)
    assert (line.result, status_on(line, date(2010, 5, 3)), status_on(line, date(2010, 5, 4))) == (
        "revoked",
        CreditStatus.ACTIVE,
        CreditStatus.EXPIRED,
    )
    person = PersonRecipient(
        person=UUID(int=5), name=Sealed(commitment="a" * 64), organisation=ORGANISATION, organisation_name="示例会"
    )
    assert CreditKind.HONOUR not in {line.kind for line in project(*AT.COMPLETION, honoured(person))}


def test_annual_reports_and_penalties_are_lines() -> None:
    filed = AnnualReportFiled(year=2009, filed_on=date(2010, 3, 20), inspection_result=InspectionResult.PASSED)
    suspended = PenaltyImposed(kind=PenaltyKind.ACTIVITY_SUSPENDED, reason="示例。", ends_on=date(2010, 8, 31), **PAPER)
    lines = organisation(filed, suspended)
    report = of_kind(lines, CreditKind.ANNUAL_REPORT)
    assert (report.what, report.result, report.done_on) == ("2009", "passed", date(2010, 3, 20))
    penalty = of_kind(lines, CreditKind.PENALTY)
    assert (penalty.what, penalty.reason, penalty.authority) == ("activity_suspended", "示例。", PAPER["authority"])
    days = (date(2010, 8, 31), date(2010, 9, 1))
    assert [status_on(penalty, day) for day in days] == [CreditStatus.ACTIVE, CreditStatus.EXPIRED]


@pytest.mark.parametrize(
    ("ending", "status"),
    [
        (PenaltyEnding.LIFTED, CreditStatus.REPAIRED),
        (PenaltyEnding.SERVED, CreditStatus.REPAIRED),
        (PenaltyEnding.EXPIRED, CreditStatus.EXPIRED),
    ],
)
def test_the_end_of_a_penalty_shows_on_its_line(ending: PenaltyEnding, status: CreditStatus) -> None:
    fined = PenaltyImposed(kind=PenaltyKind.FINE, reason="示例。", ends_on=None, **PAPER)
    imposed = of_kind(organisation(fined), CreditKind.PENALTY)
    lines = organisation(fined, PenaltyLifted(penalty=2, ending=ending, reason="示例。", **PAPER))
    ended = of_kind(lines, CreditKind.PENALTY)
    assert (ended.line, ended.result, imposed.result) == (imposed.line, ending.value, None)
    assert len(ended.positions) == len(imposed.positions) + 1
    assert status_on(imposed, date(2011, 1, 1)) is CreditStatus.ACTIVE
    assert status_on(ended, date(2011, 1, 1)) is status


@pytest.mark.parametrize(
    ("kind", "line", "of_order_60"),
    [
        (RegistrationEnd.CANCELLED, CreditKind.DEREGISTRATION, CreditClass.BASIC),
        (RegistrationEnd.REVOKED, CreditKind.REVOCATION, CreditClass.PENALTY),
    ],
)
def test_a_revoked_registration_is_a_line_apart(
    kind: RegistrationEnd, line: CreditKind, of_order_60: CreditClass
) -> None:
    [_, found] = organisation(RegistrationEnded(kind=kind, reason="示例。", document_number="示例7号"))
    assert (found.kind, found.what, class_on(found.kind, ORDER_60)) == (line, "示例7号", of_order_60)


def test_order_60_classes_begin_with_the_order() -> None:
    before = date(2018, 1, 23)
    assert {class_on(kind, before) for kind in CreditKind} == {None}
    assert class_on(CreditKind.REGISTRATION, ORDER_60) is CreditClass.BASIC
    assert class_on(CreditKind.RECTIFICATION, ORDER_60) is CreditClass.INSPECTION
    assert class_on(CreditKind.GRADE, ORDER_60) is CreditClass.OTHER
    assert class_on(CreditKind.ANNUAL_REPORT, ORDER_60) is CreditClass.ANNUAL_REPORT
    assert class_on(CreditKind.PENALTY, ORDER_60) is CreditClass.PENALTY


@pytest.mark.parametrize(
    ("effective", "received", "taken"),
    [
        # The spring festival of 2018 was from 15 to 21 February; 24 February was worked.
        (date(2018, 2, 12), date(2018, 2, 12), 0),
        (date(2018, 2, 12), date(2018, 2, 22), 3),
        (date(2018, 2, 12), date(2018, 2, 24), 5),
        (date(2018, 2, 12), date(2018, 2, 26), 6),
        (date(2018, 2, 12), date(2018, 2, 1), 0),
        (date(2018, 2, 12), date(2021, 2, 12), None),
        (date(2199, 2, 12), date(2199, 2, 13), None),
    ],
)
def test_recording_time_is_counted_in_working_days(effective: date, received: date, taken: int | None) -> None:
    line = of_kind(organisation(LISTED), CreditKind.LIST)
    line = line.model_copy(update={"effective_on": effective, "received_on": received})
    assert days_to_record(line, WorkCalendar("china")) == taken


def test_five_working_days_are_in_time() -> None:
    line = of_kind(organisation(LISTED), CreditKind.LIST)
    assert is_in_time(line, 0) is None
    later = line.model_copy(update={"effective_on": date(2018, 2, 12), "received_on": date(2018, 2, 26)})
    assert (is_in_time(later, 5), is_in_time(later, 6), is_in_time(later, None)) == (True, False, None)
    years = later.model_copy(update={"received_on": date(2021, 2, 12)})
    assert is_in_time(years, None) is False
