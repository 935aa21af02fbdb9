"""The columns of a table of organisations, and what a row of it says."""

from collections.abc import Mapping
from typing import Any

from api.files.tables.application_table import NOT_IDENTIFIER
from api.files.tables.columns import Cell, CellRefused, Column, choice, day, text
from api.pages.briefing_texts import KIND
from ledger.core.words import Words

_KINDS = tuple((kind.value, words) for kind, words in KIND.items())
_GRADES = tuple((f"{number}A", Words.same(f"{number}A")) for number in range(1, 6))
# In the column of districts: an organisation that is registered with none of them.
CITY = Words("市级", "city")


def _identifier(cell: Cell) -> str | None:
    found = text(cell)
    if found is not None and ":" not in found:
        raise CellRefused("not_an_identifier", NOT_IDENTIFIER)
    return found


def _column(key: str, zh: str, en: str, *group: str, read: Any = text, required: bool = False) -> Column:
    return Column(key, Words(zh, en), (*group, key), read, required=required, optional=not required)


_SCHEMES = {"usci": "CN-USCI", "orgcode": "CN-ORGCODE", "registration": "CN-REG"}
COLUMNS = (
    _column("name", "名称", "Name", required=True),
    _column("usci", "统一社会信用代码", "Unified code", "identifiers"),
    _column("orgcode", "组织机构代码", "Organisation code", "identifiers"),
    _column("registration", "登记证号", "Registration number", "identifiers"),
    _column("other", "其他标识", "Other identifier", "identifiers", read=_identifier),
    _column("kind", "类别", "Kind", read=choice(_KINDS), required=True),
    _column("district", "登记辖区", "District"),
    _column("supervisor", "业务主管单位", "Supervisor"),
    _column("contract_body", "签约机关", "Contract body"),
    _column("grade", "评估等级", "Grade", "grade", read=choice(_GRADES)),
    _column("valid_from", "等级有效期自", "Grade valid from", "grade", read=day),
    _column("valid_until", "等级有效期至", "Grade valid until", "grade", read=day),
    _column("authority", "评定机关", "Graded by", "grade"),
    _column("document_number", "文号", "Document number"),
    _column("registered_on", "登记日期", "Registered on", read=day),
    _column("changed_on", "变更日期", "Changed on", read=day),
)


def body_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says, as `RegistryRow` takes it."""
    identifiers = [{"scheme": scheme, "id": values[key]} for key, scheme in _SCHEMES.items() if values[key] is not None]
    if values["other"] is not None:
        scheme, _, number = values["other"].partition(":")
        identifiers.append({"scheme": scheme.strip(), "id": number.strip()})
    of_the_city = values["district"] in (CITY.zh, CITY.en)
    graded = {key: values[key] for key in ("valid_from", "valid_until", "authority")}
    grade = values["grade"]
    is_graded = grade is not None or any(value is not None for value in graded.values())
    plain = ("name", "kind", "supervisor", "contract_body", "document_number", "registered_on", "changed_on")
    return {
        **{key: values[key] for key in plain},
        "identifiers": identifiers,
        "district": None if of_the_city else values["district"],
        "of_the_city": of_the_city,
        "grade": graded | {"grade": grade and int(grade[0])} if is_graded else None,
    }
