"""What happened, as one readable sentence for each kind of fact."""

from dataclasses import dataclass
from typing import Any, assert_never

from api.pages.reader import Reader
from api.pages.texts import EVALUATION, PAGE, Words
from ledger.events import (
    Amended,
    Applied,
    Approved,
    Awarded,
    ContractSigned,
    Evaluated,
    GrantImported,
    Milestone,
    MilestoneReported,
    OrganisationRecipient,
    PersonRecipient,
    Published,
    Rejected,
    Restated,
    Reviewed,
    Voided,
    Withdrawn,
)
from ledger.project.state import ProjectFact
from ledger.rules import Rules
from ledger.values import Money

SENTENCES: dict[str, Words] = {
    "Applied": Words(
        "申报项目《{title}》，预计受益 {count} 人。", "Applied with the project {title}, for {count} people."
    ),
    "Amended": Words("修改申报表：{reason}", "Amended the application: {reason}"),
    "Withdrawn": Words("撤回项目：{reason}", "Withdrew the project: {reason}"),
    "Reviewed": Words("评审第 {version} 版申报表。", "Reviewed version {version} of the application."),
    "Approved": Words("批准立项（{document}）：{reason}", "Approved ({document}): {reason}"),
    "Rejected": Words("不予立项（{document}）：{reason}", "Rejected ({document}): {reason}"),
    "ContractSigned": Words(
        "{authority}与{party}签订合同 {number}，期限 {period}。",
        "{authority} and {party} signed contract {number} for {period}.",
    ),
    "Published": Words("公布项目：{notice}", "Published: {notice}"),
    "MilestoneReported": Words(
        "报送“{milestone}”节点进度，服务 {count} 人。", "Reported the milestone “{milestone}”: {count} people served."
    ),
    "Evaluated": Words("{by}：{conclusion}", "{by}: {conclusion}"),
    "Awarded": Words("授予{recipient}“{honour}”（{document}）。", "Honoured {recipient} as “{honour}” ({document})."),
    "GrantImported": Words("导入资助记录：{funder}资助{recipient}。", "Grant imported, from {funder} to {recipient}."),
    "Voided": Words("作废第 {version} 版：{reason}", "Voided version {version}: {reason}"),
    "Restated": Words(
        "更正第 {version} 版（{reason}）。应为：{sentence} 生效日期：{day}。",
        "Corrected version {version} ({reason}). It should read: {sentence} In force since {day}.",
    ),
    "spent": Words("支出 {amount}。", "Spent: {amount}."),
    "amount": Words("金额 {amount}。", "Amount: {amount}."),
}


@dataclass(frozen=True, slots=True)
class Naming:
    """How codes and sealed names of one project read for one reader. `opened`: sealed values by commitment."""

    reader: Reader
    rules: Rules | None
    opened: dict[str, Any]

    def milestone(self, code: Milestone) -> str:
        found = next((rule for rule in self.rules.milestones if rule.code is code), None) if self.rules else None
        return self.reader.name(found.name) if found else code.value

    def honour(self, code: str) -> str:
        quota = self.rules.quota(code) if self.rules else None
        return self.reader.name(quota.name) if quota else code

    def recipient(self, recipient: OrganisationRecipient | PersonRecipient) -> str:
        if isinstance(recipient, OrganisationRecipient):
            return recipient.name
        value = self.opened.get(recipient.name.commitment)
        name = value["name"] if value else self.reader.say(PAGE["name_closed"])
        return self.reader.say(PAGE["of_organisation"], name=name, organisation=recipient.organisation_name)


def sentence(fact: ProjectFact | Voided | Restated, naming: Naming) -> str:
    reader = naming.reader

    def say(key: str, **values: Any) -> str:
        return reader.say(SENTENCES[key], **values)

    match fact:
        case Applied():
            count = reader.number(fact.form.beneficiaries.count)
            return say(fact.type, title=fact.form.title, count=count)
        case Amended() | Withdrawn():
            return say(fact.type, reason=fact.reason)
        case Reviewed():
            return say(fact.type, version=fact.application_version)
        case Approved():
            approved = say(fact.type, document=fact.document_number, reason=fact.reason)
            return _with(approved, "amount", _money(fact.amount, reader), reader)
        case Rejected():
            return say(fact.type, document=fact.document_number, reason=fact.reason)
        case ContractSigned():
            signed = say(
                fact.type,
                authority=fact.authority,
                party=fact.party,
                number=fact.number,
                period=reader.period(fact.period),
            )
            return _with(signed, "amount", _money(fact.amount, reader), reader)
        case Published():
            return say(fact.type, notice=fact.notice)
        case MilestoneReported():
            count = reader.number(fact.people_served)
            reported = say(fact.type, milestone=naming.milestone(fact.milestone), count=count)
            return _with(reported, "spent", reader.total(fact.spent), reader)
        case Evaluated():
            by = reader.say(EVALUATION[fact.evaluation.by])
            return say(fact.type, by=by, conclusion=fact.evaluation.conclusion)
        case Awarded():
            honour, recipient = naming.honour(fact.honour), naming.recipient(fact.recipient)
            return say(fact.type, recipient=recipient, honour=honour, document=fact.document_number)
        case GrantImported():
            imported = say(fact.type, funder=fact.funder_name, recipient=fact.recipient_name)
            return _with(imported, "amount", _money(fact.amount, reader), reader)
        case Voided():
            return say(fact.type, version=fact.target, reason=fact.reason)
        case Restated():
            inner: Any = fact.fact
            day = reader.day(fact.restated_on).text
            return say(fact.type, version=fact.target, reason=fact.reason, sentence=sentence(inner, naming), day=day)
        case _:
            assert_never(fact)


def _money(amount: Money | None, reader: Reader) -> str | None:
    return reader.money(amount) if amount else None


def _with(text: str, key: str, amount: str | None, reader: Reader) -> str:
    """The sentence, and a second one where there is an amount."""
    if amount is None:
        return text
    joint = " " if reader.language == "en" else ""
    return text + joint + reader.say(SENTENCES[key], amount=amount)
