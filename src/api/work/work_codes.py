"""What forms call the codes that no page shows yet, and the schemes of identifiers."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

from api.pages import code_texts
from api.pages.briefing_texts import KIND
from ledger.authors import ROLE
from ledger.core.fact import Role
from ledger.core.words import Words
from ledger.identity import DocumentKind
from ledger.organisation.ending import RegistrationEnd
from ledger.organisation.oversight import InspectionResult, PenaltyEnding, PenaltyKind
from ledger.organisation.registration import OrganisationKind
from ledger.project.application import SupportKind
from ledger.project.assignment import Judging
from ledger.project.decision_papers import PaperKind
from ledger.project.feedback import FeedbackMeans
from ledger.project.payments import PaidUnder
from ledger.project.purchase import ContractRelation
from ledger.project.reconsideration import RequestOutcome
from ledger.project.screening import ScreeningResult
from ledger.project.support import SupportOutcome
from ledger.rules import CreditList
from ledger.values import FundingSource

SCHEMES: dict[str, Words] = {
    "CN-USCI": Words("统一社会信用代码", "unified social credit code"),
    "CN-ORGCODE": Words("组织机构代码", "organisation code"),
    "CN-REG": Words("登记证号或备案号", "registration or filing number"),
}
JUDGING: dict[Judging, Words] = {
    Judging.REVIEW: Words("评审申报", "review of applications"),
    Judging.SCORE: Words("竞选打分", "scores in the competition"),
    Judging.EVALUATE: Words("第三方评估", "third-party evaluation"),
}
PAPER: dict[PaperKind, Words] = {
    PaperKind.MINUTES: Words("会议纪要", "minutes"),
    PaperKind.SIGNED_APPROVAL: Words("签批件", "signed approval"),
}
MEANS: dict[FeedbackMeans, Words] = {
    FeedbackMeans.VISIT: Words("走访", "visit"),
    FeedbackMeans.QUESTIONNAIRE: Words("问卷", "questionnaire"),
    FeedbackMeans.ONLINE: Words("网上实名", "online by real name"),
}
DOCUMENT: dict[DocumentKind, Words] = {
    DocumentKind.RESIDENT_ID: Words("居民身份证", "resident identity card"),
    DocumentKind.PASSPORT: Words("护照", "passport"),
    DocumentKind.HMT_PERMIT: Words("港澳台居民通行证或居住证", "permit of a resident of Hong Kong, Macao or Taiwan"),
}
LISTING: dict[str, Words] = {
    "enter": Words("列入", "enter on the list"),
    "leave": Words("移出", "take off the list"),
}
# Of the models that one form may send.
WAYS: dict[str, Words] = {
    "order": Words("责令整改", "Order that something be put right"),
    "answer": Words("报告整改情况", "Report what was put right"),
    "check": Words("验收整改", "Check what was put right"),
    "approval": Words("同意", "approval"),
    "rejection": Words("不同意", "rejection"),
    "selection": Words("确定购买", "selection for purchase"),
    "purchase_contract": Words("购买合同", "purchase contract"),
    "forfeiture": Words("取消中选", "loss of a selection"),
    "proposal": Words("拟表彰", "proposal for an honour"),
    "award": Words("授予", "award"),
    "revocation": Words("撤销", "revocation"),
    "review": Words("复核决定", "reconsideration"),
    "objection": Words("异议处理", "objection"),
    "visit": Words("录入抽中人员的答复", "Enter the answer of a person who was drawn"),
    "present": Words("录入现场答复", "Enter an answer by number"),
}
BY_CODE: dict[type[Enum], Mapping[Any, Words]] = {
    FundingSource: code_texts.SOURCE,
    SupportKind: code_texts.SUPPORT,
    ScreeningResult: code_texts.SCREENING,
    SupportOutcome: code_texts.SUPPORT_OUTCOME,
    RequestOutcome: code_texts.REQUEST_OUTCOME,
    ContractRelation: code_texts.RELATION,
    PaidUnder: code_texts.UNDER,
    InspectionResult: code_texts.INSPECTION_RESULT,
    PenaltyKind: code_texts.PENALTY,
    PenaltyEnding: code_texts.PENALTY_ENDING,
    CreditList: code_texts.CREDIT_LIST,
    RegistrationEnd: code_texts.ENDED,
    OrganisationKind: KIND,
    Role: ROLE,
    Judging: JUDGING,
    PaperKind: PAPER,
    FeedbackMeans: MEANS,
    DocumentKind: DOCUMENT,
}


def words_of(code_type: type[Enum] | None, code: str) -> Words:
    if code_type is None:
        return LISTING.get(code) or WAYS[code]
    return BY_CODE[code_type][code_type(code)]
