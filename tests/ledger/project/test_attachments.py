"""Files of a project, and what everybody may read of them."""

from datetime import date

import pytest
from tests.ledger.project.given import APPLIED, AT, GRANT, SIGNED, Facts, given, reported
from tests.support import refuses

from ledger.project.application import PaperReceived, Withdrawn
from ledger.project.attachments import Attached, Attachment, AttachmentNotCited, attach, disclose
from ledger.project.contract import Lapsed
from ledger.project.delivery import Milestone
from ledger.project.ending import Closed
from ledger.project.review import Rejected
from ledger.project.supervision import RectificationOrdered, Rectified
from ledger.refusals.general import StepOutOfOrder
from ledger.values import Document

A, B = "a" * 64, "b" * 64


def file(digest: str = A) -> Attachment:
    return Attachment(name="示例.pdf", sha256=digest, media_type="application/pdf", bytes=9)


ATTACHED = Attached(subject="示例材料", files=(file(),))
PHOTOS = (Document(name="示例照片.zip", sha256=A),)
PAPER = PaperReceived(version=1, received_on=date(2010, 2, 1), scan=PHOTOS[0], reason="纸质。")
WITHDRAWN = Withdrawn(reason="示例。")
CLOSED = Closed(conclusion="示例。")
ORDER = RectificationOrdered(inspection=None, what="补签到表。", due_on=date(2010, 5, 1))


def test_files_are_attached_with_what_they_are_for() -> None:
    attached = attach(given(APPLIED), "示例材料", [file(A), file(B)])
    assert attached.files == (file(A), file(B))
    assert given(APPLIED, attached).attached == (file(A), file(B))


@pytest.mark.parametrize(
    "facts",
    [
        (APPLIED,),
        (APPLIED, Rejected(application_version=1, reviews=(), document_number="示例1号", reason="示例。")),
        (APPLIED, Lapsed(sign_by=date(2010, 3, 1), reason="示例。")),
        AT.PUBLICATION,
    ],
)
def test_files_are_attached_until_nothing_more_can_come(facts: Facts) -> None:
    assert attach(given(*facts), "示例材料", [file()]).subject == "示例材料"


@pytest.mark.parametrize("facts", [(), (APPLIED, WITHDRAWN), (*AT.PUBLICATION, CLOSED), (GRANT,)])
def test_an_ended_project_takes_no_files(facts: Facts) -> None:
    for decision in (attach, disclose):
        with pytest.raises(StepOutOfOrder):
            decision(given(*facts, *([ATTACHED] if facts else [])), "示例材料", [file()])


@pytest.mark.parametrize(
    "fact",
    [
        ATTACHED,
        reported(Milestone.START).model_copy(update={"documents": PHOTOS}),
        SIGNED.model_copy(update={"original_sha256": A}),
    ],
)
def test_only_the_projects_files_are_disclosed(fact: Attached) -> None:
    project = given(*AT.PUBLICATION, fact)
    assert given(*AT.PUBLICATION, fact, disclose(project, "示例公开", [file()])).disclosed == (file(),)
    with refuses(AttachmentNotCited, name="示例.pdf", sha256=B):
        disclose(project, "示例公开", [file(), file(B)])


def test_what_answers_an_order_may_be_disclosed() -> None:
    order = len(AT.PUBLICATION) + 1
    facts = (*AT.PUBLICATION, ORDER, Rectified(order=order, done="已补。", documents=PHOTOS))
    assert disclose(given(*facts), "示例公开", [file()]).files == (file(),)


def test_a_scan_is_disclosed_once_attached() -> None:
    with pytest.raises(AttachmentNotCited):
        disclose(given(APPLIED, PAPER), "示例公开", [file()])
    assert disclose(given(APPLIED, PAPER, ATTACHED), "示例公开", [file()]).files == (file(),)
