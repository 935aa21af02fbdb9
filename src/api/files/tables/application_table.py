"""Applications as a table (N6, N7): a row is a project; with its number it is one that is there already."""

from collections.abc import Iterable, Mapping
from typing import Any
from uuid import UUID

from api.files.tables.columns import CellRefused, Column, choice, count, day, money, several, text
from api.files.tables.versions import VERSION, Versioned
from api.pages.code_texts import SERVES, SOURCE, SUPPORT
from ledger.core.words import Words
from ledger.identifiers import as_given, organisation_stream
from ledger.organisation.state import Organisation
from ledger.rules import Rules
from ledger.values import FundingSource

NOT_IDENTIFIER = Words(
    "应为标识类型和号码，例如 CN-REG:京社证字第1号", "is not a scheme and an identifier such as CN-REG:12345"
)
NOT_NUMBER = Words("应为项目编号", "is not a project's id")


# What stands sealed is taken from a table, and never put into one.
SEALED: dict[str, tuple[tuple[str, Words], ...]] = {
    "contact": (
        ("name", Words("联系人", "Contact")),
        ("telephone", Words("联系电话", "Telephone")),
        ("email", Words("电子邮箱", "E-mail")),
    ),
    "account": (
        ("holder", Words("账户名称", "Account holder")),
        ("bank", Words("开户银行", "Bank")),
        ("number", Words("银行账号", "Account number")),
    ),
}


def organisation_id(cell: Any) -> UUID | None:
    found = text(cell)
    if found is None:
        return None
    scheme, colon, number = found.partition(":")
    try:
        return organisation_stream(as_given(scheme.strip() if colon else "", number.strip()))
    except ValueError as error:
        raise CellRefused("not_an_identifier", NOT_IDENTIFIER) from error


def project_id(cell: Any) -> str | None:
    found = text(cell)
    try:
        return None if found is None else str(UUID(found))
    except ValueError as error:
        raise CellRefused("not_a_project", NOT_NUMBER) from error


def columns(rules: Rules) -> tuple[Column, ...]:
    categories = tuple((one.code, Words(one.name.zh, one.name.en)) for one in rules.categories)
    districts = tuple((one.code, Words(one.name.zh, one.name.en)) for one in rules.districts)
    form = ("form",)
    return (
        Column("project", Words("项目编号", "Project"), ("project",), project_id, 20),
        Column("organisation", Words("申报单位标识", "Organisation"), ("organisation",), organisation_id, 24, True),
        Column("title", Words("项目名称", "Title"), (*form, "title"), text, 28, True),
        Column(
            "category",
            Words("项目领域", "Field"),
            (*form, "category"),
            choice(categories),
            14,
            True,
            choices=categories,
        ),
        Column("content", Words("项目内容", "Content"), (*form, "content"), text, 40, True),
        Column("plan", Words("实施计划", "Plan"), (*form, "plan"), text, 30),
        *(Column(source, words, (*form, "budget", source), money) for source, words in SOURCE.items()),
        Column("group", Words("惠及人群", "Who benefits"), (*form, "beneficiaries", "group"), text, 16, True),
        Column("people", Words("预计人数", "People expected"), (*form, "beneficiaries", "count"), count, 10, True),
        Column("start", Words("开始日期", "Starts on"), (*form, "schedule", "start"), day, 12, True),
        Column("end", Words("结束日期", "Ends on"), (*form, "schedule", "end"), day, 12, True),
        Column("place", Words("实施地点", "Place"), (*form, "place"), text),
        Column(
            "districts_served",
            Words("服务区县", "Districts served"),
            (*form, "districts_served"),
            several((*districts, *SERVES.items())),
            18,
        ),
        Column(
            "legal_representative", Words("法定代表人", "Legal representative"), (*form, "legal_representative"), text
        ),
        Column("supervising_unit", Words("业务主管单位", "Supervising unit"), (*form, "supervising_unit"), text, 20),
        Column("fit", Words("与宗旨、业务范围的关系", "Fit with the purpose"), (*form, "fit"), text, 24),
        *(
            Column(f"support_{kind}", _asked(words), (*form, "support", kind), text, 20)
            for kind, words in SUPPORT.items()
        ),
        *(Column(f"{key}_{name}", words, (key, name), text) for key, names in SEALED.items() for name, words in names),
        Column("reason", Words("修改原因", "Reason of amendment"), ("reason",), text, 20),
        VERSION,
    )


def _asked(kind: Words) -> Words:
    return Words(f"申请{kind.zh}扶持的理由", f"Support: {kind.en}")


def form_of(values: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """The application form that a row holds, as the interface would take it."""
    budget = [
        {"source": source, "money": {"amount": values[source], "currency": currency}}
        for source in FundingSource
        if values[source] is not None
    ]
    support = [
        {"kind": kind, "reason": values[f"support_{kind}"]} for kind in SUPPORT if values[f"support_{kind}"] is not None
    ]
    return {
        "title": values["title"],
        "category": values["category"],
        "content": values["content"],
        "plan": values["plan"],
        "budget": budget,
        "beneficiaries": {"count": values["people"], "group": values["group"]},
        "schedule": {"start": values["start"], "end": values["end"]},
        "place": values["place"],
        "districts_served": values["districts_served"],
        "legal_representative": values["legal_representative"],
        "supervising_unit": values["supervising_unit"],
        "fit": values["fit"],
        "support": support,
    }


def sealed_of(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Contact and account, each where the row says something of it."""
    given = {
        key: {name: value for name, _ in names if (value := values[f"{key}_{name}"]) is not None}
        for key, names in SEALED.items()
    }
    return {key: value for key, value in given.items() if value}


def rows_of(projects: Iterable[tuple[Versioned, Organisation]], rules: Rules) -> Iterable[list[str | int | None]]:
    names = {one.code: one.name.zh for one in rules.categories}
    served = {one.code: one.name.zh for one in rules.districts} | {code: words.zh for code, words in SERVES.items()}
    for (project, version), organisation in projects:
        form = project.form
        if form is None or not organisation.identifiers:
            continue
        known = organisation.identifiers[0]
        budget = {line.source: format(line.money.amount, "f") for line in form.budget}
        support = {one.kind: one.reason for one in form.support}
        yield [
            str(project.id),
            f"{known.scheme}:{known.id}",
            form.title,
            names.get(form.category, form.category),
            form.content,
            form.plan,
            *(budget.get(source) for source in SOURCE),
            form.beneficiaries.group,
            form.beneficiaries.count,
            form.schedule.start.isoformat(),
            form.schedule.end.isoformat(),
            form.place,
            "、".join(served.get(code, code) for code in form.districts_served or ()) or None,
            form.legal_representative,
            form.supervising_unit,
            form.fit,
            *(support.get(kind) for kind in SUPPORT),
            *(None for names in SEALED.values() for _ in names),
            None,
            version,
        ]
