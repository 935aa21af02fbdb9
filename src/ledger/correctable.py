"""What may be corrected: one row for each kind of fact, whether it may be voided or restated, by whom, or why not.

docs/corrections.md is made from this table.
"""

from dataclasses import dataclass
from enum import Enum

from ledger.events import (
    Amended,
    Applied,
    Approved,
    Attached,
    Awarded,
    BeneficiariesEvaluated,
    Closed,
    ContractAmended,
    ContractSigned,
    DecisionServed,
    Delisted,
    Deregistered,
    Disbursed,
    Disclosed,
    DistrictsReorganised,
    EnteredCompetition,
    Evaluated,
    EvaluationPublished,
    Fact,
    FeedbackReceived,
    FrameRegistered,
    FundingRegisterOpened,
    Graded,
    GrantImported,
    HandedIn,
    HonourProposed,
    HonourRevoked,
    IdentifierAdded,
    IdentifierClaimed,
    Inspected,
    InterestDeclared,
    Lapsed,
    Listed,
    LogRestarted,
    Merged,
    MilestoneAccepted,
    MilestoneReported,
    MilestoneReturned,
    Nominated,
    NumberIssued,
    ObjectionRaised,
    ObjectionResolved,
    OrganisationRegistered,
    PaperReceived,
    PhaseExtended,
    PlaceReleased,
    PlaceTaken,
    ProgrammeAnnounced,
    PublicReportAnswered,
    PublicReportReceived,
    Published,
    PurchaseContractSigned,
    Purchased,
    PurchaseForfeited,
    RectificationChecked,
    RectificationOrdered,
    Rectified,
    Redacted,
    Refunded,
    Rejected,
    Relocated,
    Renamed,
    Restated,
    Resumed,
    Returned,
    Reviewed,
    ReviewRequestDecided,
    ReviewRequested,
    SampleDrawn,
    Scored,
    Screened,
    SelfChecked,
    SupervisorNamed,
    SupportArranged,
    Suspended,
    Terminated,
    Transferred,
    Voided,
    Withdrawn,
)
from ledger.values import Bilingual


class By(Enum):
    """Who corrects. Nobody else does, neither what they said themselves nor what others did."""

    AUTHORITY = "the office; a district what it or an organisation said of its own"
    OFFICE = "the office"
    NOBODY = "nobody"
    AS_TARGET = "who may correct what it corrects"


@dataclass(frozen=True, slots=True)
class Rule:
    """`void`, `restate`: why it cannot be, and what to do instead; None where it can. `fixed`: fields that a
    restatement keeps, as other facts, streams or sealed values hold on to them. `again`: whether its void can itself be
    voided."""

    by: By = By.AUTHORITY
    void: Bilingual | None = None
    restate: Bilingual | None = None
    fixed: tuple[str, ...] = ()
    again: bool = True


def _said(zh: str, en: str) -> Bilingual:
    return Bilingual(zh=zh, en=en)


def _never(zh: str, en: str) -> Rule:
    why = _said(zh, en)
    return Rule(By.NOBODY, void=why, restate=why)


def _fixed(*names: str) -> Rule:
    return Rule(fixed=names)


# Others have got the place since, or the money was paid anew: what is void is recorded again, not brought back.
def _anew(*names: str) -> Rule:
    return Rule(fixed=names, again=False)


_FREE = Rule()
_FOUNDS_A_PROJECT = _said("项目由它成立，请改用撤回或重述。", "it founds the project; withdraw or restate instead.")
_OBJECTION = _said("异议及其处理不能作废。", "an objection and its resolution stand.")
_PLACE = _never("名额随荣誉或购买增减，请更正后者。", "places follow honours and purchases; correct those instead.")

RULES: dict[type[Fact], Rule] = {
    ProgrammeAnnounced: Rule(
        By.OFFICE,
        void=_said(
            "计划由它成立，申报均以其规则为据；请另以新代码公布。",
            "it founds the programme, and applications rest on its rules; announce another under a code of its own.",
        ),
        fixed=("code", "rules_toml", "rules_sha256"),
    ),
    FundingRegisterOpened: Rule(
        By.OFFICE,
        void=_said("导入的资助记录均归于它，请改用重述。", "imported grants stand under it; restate it instead."),
        fixed=("code", "funder"),
    ),
    PhaseExtended: Rule(By.OFFICE, fixed=("phase",)),
    DistrictsReorganised: Rule(By.OFFICE),
    NumberIssued: _never(
        "文号一经编发即已使用，请更正其决定。",
        "a number that was issued stays used; correct the decision under it.",
    ),
    PlaceTaken: _PLACE,
    PlaceReleased: _PLACE,
    LogRestarted: _never(
        "日志据此以新名继续，不能更改。", "the log goes on by it under its new name; it stays as it is."
    ),
    GrantImported: Rule(void=_FOUNDS_A_PROJECT, fixed=("programme", "grant", "funder")),
    OrganisationRegistered: Rule(
        void=_said("社会组织由它登记，请改用重述。", "it registers the organisation; restate it instead."),
        fixed=("identifiers", "contact"),
    ),
    Renamed: _FREE,
    IdentifierAdded: _fixed("identifier", "replaces"),
    IdentifierClaimed: _never(
        "它随标识的登记而来，请作废后者。", "it follows the added identifier; void that on its organisation instead."
    ),
    SupervisorNamed: _FREE,
    Relocated: _FREE,
    Merged: _fixed("into", "into_name"),
    Deregistered: _FREE,
    Graded: Rule(By.OFFICE),
    Listed: _fixed("list"),
    Delisted: _fixed("list"),
    Applied: Rule(void=_FOUNDS_A_PROJECT, fixed=("programme", "rules_sha256", "organisation", "district", "contact")),
    Amended: _FREE,
    Withdrawn: _FREE,
    PaperReceived: _fixed("version"),
    Attached: _FREE,
    Disclosed: _FREE,
    Screened: _fixed("application_version"),
    HandedIn: _fixed("application_version"),
    Returned: _fixed("application_version"),
    SupportArranged: _fixed("application_version", "request"),
    Reviewed: _fixed("application_version", "member"),
    Approved: _fixed("application_version", "reviews"),
    Rejected: _fixed("application_version", "reviews"),
    InterestDeclared: _never(
        "利害关系一经申报即不再评判；请由他人评判。", "who declared an interest judges no more; let another one judge."
    ),
    DecisionServed: _fixed("target"),
    ReviewRequested: _fixed("target"),
    ReviewRequestDecided: _fixed("request", "target"),
    ContractSigned: _fixed("due"),
    Published: Rule(void=_said("已公布的不能收回。", "what was published cannot be unpublished.")),
    ContractAmended: _fixed("due"),
    Lapsed: _FREE,
    PublicReportReceived: _never(
        "公众所述不得更改；请在答复中说明。",
        "what the public says is nobody's to change; answer what is so.",
    ),
    PublicReportAnswered: _never(
        "答复已为众人所读；请另作公开说明。",
        "the answer stands as everybody read it; disclose what else there is.",
    ),
    # A summary is neither added nor taken: see restate.
    MilestoneReported: _fixed("milestone"),
    MilestoneAccepted: _fixed("report"),
    MilestoneReturned: _fixed("report"),
    SelfChecked: _FREE,
    Inspected: _FREE,
    RectificationOrdered: _FREE,
    Rectified: _fixed("order"),
    RectificationChecked: _fixed("order"),
    Suspended: _FREE,
    Resumed: _FREE,
    Terminated: _FREE,
    Transferred: _fixed("organisation", "organisation_name", "district"),
    Closed: _FREE,
    EnteredCompetition: _FREE,
    Scored: _fixed("juror"),
    Purchased: _anew("place", "places", "jurors", "score", "amount", "replaces"),
    PurchaseForfeited: _anew(),
    PurchaseContractSigned: _anew("amount", "relation"),
    Disbursed: _anew("under", "amount", "cost", "voucher"),
    Refunded: _anew("under", "amount", "voucher"),
    # What was shown for objection is evaluated again, not rewritten.
    Evaluated: _fixed("evaluation", "scale"),
    FrameRegistered: _never(
        "抽样值公布之前可另报名册取代之，其后不再更改。",
        "until the random value is known another frame takes its place; then it stays as it is.",
    ),
    SampleDrawn: _never("抽样人人可复算，不能更改。", "anybody can recompute the draw; it stays as it is."),
    FeedbackReceived: _never(
        "受益人的答复只计一次，不能收回；请在评价结论中说明。",
        "what a beneficiary answered is counted once and taken back by nobody; say in the conclusion what is so.",
    ),
    # Counted from the answers: void it and count again.
    BeneficiariesEvaluated: _fixed("no_identifiable", "frame", "minimum_group", "sample", "online"),
    EvaluationPublished: _fixed("evaluations", "objections_until"),
    # Others than the objector and the author decide on it; a void by the authority would go round them.
    ObjectionRaised: Rule(void=_OBJECTION, fixed=("target",)),
    ObjectionResolved: Rule(void=_OBJECTION, fixed=("objection", "target", "upheld")),
    Awarded: _fixed("honour", "recipient", "place", "places"),
    Nominated: _never(
        "提名不能收回；不拟授予的不予提请即可。", "a nomination stands; who should not be honoured is not proposed."
    ),
    HonourProposed: _fixed("honour", "recipient", "formula", "score", "rank", "nominated", "objections_until"),
    HonourRevoked: _fixed("award", "place_freed_because"),
    Voided: Rule(By.AS_TARGET, restate=_said("更正请先作废再重述。", "void a correction, then restate its target.")),
    Restated: Rule(By.AS_TARGET, restate=_said("更正请先作废再重述。", "void a correction, then restate its target.")),
    Redacted: Rule(
        By.NOBODY,
        void=_said("已删除的文字不能恢复。", "what was redacted stays so."),
        restate=_said("请重述被删除文字的事件。", "restate the event that a text was taken out of."),
    ),
}
