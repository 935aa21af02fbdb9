"""Papers of the leading group that its office records decisions from: minutes 会议纪要, signed approval 签批件."""

from enum import StrEnum

from ledger.core.correctable import CorrectionRule
from ledger.core.words import Words
from ledger.values import CivilDate, Digest, Frozen, Line


class PaperKind(StrEnum):
    MINUTES = "minutes"
    SIGNED_APPROVAL = "signed_approval"


class DecisionPaper(Frozen):
    """`sha256` is of the scan."""

    kind: PaperKind
    number: Line
    dated_on: CivilDate
    sha256: Digest


VOID_ONLY = CorrectionRule(restate=Words("请撤销后重新录入。", "void it and record the decision again."))
RECORDED: dict[PaperKind, Words] = {
    PaperKind.MINUTES: Words(
        "办公室据会议纪要“{paper_number}”（{paper_dated_on}）录入领导小组决定，待复核。",
        "The office recorded a decision of the leading group from the minutes {paper_number} of {paper_dated_on}; it "
        "waits to be confirmed.",
    ),
    PaperKind.SIGNED_APPROVAL: Words(
        "办公室据签批件“{paper_number}”（{paper_dated_on}）录入领导小组决定，待复核。",
        "The office recorded a decision of the leading group from the signed approval {paper_number} of "
        "{paper_dated_on}; it waits to be confirmed.",
    ),
}
CONFIRMED: dict[PaperKind, Words] = {
    PaperKind.MINUTES: Words(
        "{target}由办公室据会议纪要“{paper_number}”（{paper_dated_on}）录入，经办公室另一人复核。",
        "The office recorded {target} from the minutes {paper_number} of {paper_dated_on}; another person of the "
        "office confirmed it.",
    ),
    PaperKind.SIGNED_APPROVAL: Words(
        "{target}由办公室据签批件“{paper_number}”（{paper_dated_on}）录入，经办公室另一人复核。",
        "The office recorded {target} from the signed approval {paper_number} of {paper_dated_on}; another person of "
        "the office confirmed it.",
    ),
}
