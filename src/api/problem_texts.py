"""What problems say beyond the sentences of refusals: pydantic's errors in Chinese, and names in place of codes.

The only place for both. English keeps pydantic's own words."""

import re
from collections.abc import Mapping
from enum import Enum
from typing import Any

from api.openapi.fields import FIELDS
from api.pages.briefing_texts import KIND
from api.pages.code_texts import ENDED, EVALUATION, SOURCE, STATUS, SUPPORT
from ledger.authors import ROLE
from ledger.core.action import ACTIONS
from ledger.core.refusal import Refusal
from ledger.core.words import Words
from ledger.facts import FACTS
from ledger.project.findings import Finding
from ledger.rules import Rules
from ledger.subjects import PURPOSE

# What pydantic says by repeating the value that was given.
WITHOUT_THE_VALUE = {
    "identifier_check": "its length, prefix or check digit is wrong",
    "union_tag_invalid": "there is no such kind here",
}
ANYTHING_ELSE = "填写不符合要求"
# By pydantic's type of error; `{names}` are of its context.
FIELD_ERRORS: dict[str, str] = {
    "missing": "必须填写",
    "extra_forbidden": "没有此项，请删除",
    "none_required": "此处不可填写",
    "model_type": "应为一组字段",
    "model_attributes_type": "应为一组字段",
    "dict_type": "应为一组字段",
    "mapping_type": "应为一组字段",
    "invalid_key": "字段名应为文字",
    "list_type": "应为列表",
    "tuple_type": "应为列表",
    "too_short": "至少 {min_length} 项",
    "too_long": "至多 {max_length} 项",
    "string_type": "应为文字",
    "string_unicode": "含有无法识别的字符",
    "string_too_short": "至少 {min_length} 个字",
    "string_too_long": "至多 {max_length} 个字",
    "string_pattern_mismatch": "写法不符合要求",
    "enum": "不在可选范围内",
    "literal_error": "不在可选范围内",
    "union_tag_invalid": "没有这一类别",
    "union_tag_not_found": "须填写类别",
    "bool_type": "应为是或否",
    "bool_parsing": "应为是或否",
    "int_type": "应为整数",
    "int_parsing": "应为整数",
    "int_parsing_size": "数字过大",
    "int_from_float": "应为整数，不带小数",
    "float_type": "应为数字",
    "float_parsing": "应为数字",
    "finite_number": "应为有限的数字",
    "greater_than": "应大于 {gt}",
    "greater_than_equal": "应不小于 {ge}",
    "less_than": "应小于 {lt}",
    "less_than_equal": "应不大于 {le}",
    "multiple_of": "应为 {multiple_of} 的倍数",
    "date_type": "应为日期，写作 2010-03-01",
    "date_parsing": "应为存在的日期，写作 2010-03-01",
    "date_from_datetime_parsing": "应为存在的日期，写作 2010-03-01",
    "date_from_datetime_inexact": "应为日期，不带时刻",
    "uuid_type": "应为编号",
    "uuid_parsing": "编号的写法不对",
    "decimal_type": "应为数字",
    "decimal_parsing": "应为数字",
    "recursion_loop": "嵌套过深",
    "recursion_depth_exceeded": "嵌套过深",
    "amount_form": "金额至多十五位整数、四位小数，不带正负号",
    "amount_not_a_string": "金额应为加引号的文字，如“1234.50”，不可为数字",
    "check_form": "整改已完成的，不再定期限",
    "date_form": "日期写作 2010-03-01",
    "telephone_form": "应为 11 位手机号码，或以 + 和国家代码开头的号码",
    "date_range": "日期应在 1900-01-01 至 2199-12-31 之间",
    "decision_form": "通过的可附说明；退回的须写明理由和重报期限",
    "forbidden_character": "含有控制字符或不完整的字符",
    "identifier_check": "长度、前缀或校验位不对",
    "identifier_scheme": "标识体系的写法不对，如统一社会信用代码为“CN-USCI”",
    "period_reversed": "止期不得早于起期",
    "invisible_character": "名称不得含有不可见字符或改变文字方向的字符",
    "several_lines": "应为一行文字，不含换行和制表符",
    "value_error": ANYTHING_ELSE,
    "assertion_error": ANYTHING_ELSE,
}
# What is refused and is no command of the ledger.
READING = {
    "print the contract": Words("打印合同", "print the contract"),
    "read_feedback": Words("查阅受益人答复", "read the answers of beneficiaries"),
    "read interests": Words("查阅利害关系", "read declared interests"),
    "read nominations": Words("查阅推荐", "read nominations"),
    "read competition entries": Words("查阅竞选项目排名表", "read the table of competition entries"),
    "read findings": Words("查阅核查结果", "read findings"),
    "read redactions": Words("查阅删除记录", "read redactions"),
    "manage accounts": Words("管理账号", "manage accounts"),
    "open sealed values one by one": Words("逐项启封密封信息", "open sealed values one by one"),
    "read pages of administration": Words("查阅管理页面", "read pages of administration"),
    "read audit lists": Words("查阅审计清单", "read audit lists"),
    "set_up_webhooks": Words("设立推送订阅", "set up webhooks"),
    "read_webhooks": Words("查阅推送订阅", "read webhooks"),
    "acknowledge_credit_changes": Words("确认信用记录变更", "acknowledge changes of credit records"),
    "read_credit_changes": Words("查阅信用记录变更", "read changes of credit records"),
}
FACT_NAMES = {name: fact.named for name, fact in FACTS.items()}
_OTHERS = {
    "abnormal": Words("活动异常名录", "abnormal operations"),
    "serious": Words("严重违法失信名单", "serious violations"),
    "organisation": Words("社会组织", "an organisation"),
    "person": Words("个人", "a person"),
    "project": Words("项目", "project"),
    "pending": Words("待发送", "pending"),
    "delivered": Words("已送达", "delivered"),
    "dead": Words("死信", "dead letter"),
    "withdrawn": Words("已撤回", "withdrawn"),
    "name": Words("名称", "name"),
    "supervisor": Words("业务主管单位", "supervisor"),
    "cursor": Words("翻页标记", "cursor"),
    "after": Words("起点", "after"),
    "any role but public": Words("公众以外的任何角色", "any role but public"),
    "purchase": Words("政府购买服务", "government purchase"),
    "evaluation-publication": Words("公示评价", "evaluations on show"),
}
# What a programme calls its codes.
Names = Mapping[str, Words]
_FIELD_NAMES = {name: Words(field.zh, name) for name, field in FIELDS.items()}
_KINDS = {kind.value: words for kind, words in KIND.items()}
_ROLES = {role.value: words for role, words in ROLE.items()}
# The kinds of codes that a detail of a refusal may hold, by the detail's name.
_NAMED: dict[str, Mapping[str, Words]] = {
    "role": _ROLES,
    "decider": _ROLES,
    "register": _ROLES,
    "status": {status.value: words for status, words in STATUS.items()},
    "source": {source.value: words for source, words in SOURCE.items()},
    "by": EVALUATION,
    "missing": EVALUATION,
    "kinds": {kind.value: words for kind, words in SUPPORT.items()},
    "type": FACT_NAMES,
    "list": _OTHERS,
    "ended": ENDED,
    "recipient": _OTHERS,
    "state": _OTHERS,
    "quota": _OTHERS,
    "field": _OTHERS | _FIELD_NAMES,
    "choices": _OTHERS | _ROLES,
    "purposes": {purpose.value: words for purpose, words in PURPOSE.items()},
    "registered": _KINDS,
    "stated": _KINDS,
}
# Those that may hold codes of a programme: phases, milestones, fields, districts, honours, criteria.
OF_A_PROGRAMME = frozenset(
    {
        "choices",
        "criteria",
        "district",
        "earlier",
        "expected",
        "got",
        "honour",
        "later",
        "milestone",
        "milestones",
        "phase",
        "programme",
        "quota",
        "register",
    }
)
_SEPARATOR = ", "
_FACT = re.compile(r"[A-Z][A-Za-z]+")


def field_error(found: Mapping[str, Any], language: str) -> str:
    """What is wrong with one place of a body, without the value that was given: it may be personal."""
    kind = found["type"]
    if language == "en":
        return str(WITHOUT_THE_VALUE.get(kind, found["msg"]))
    context = {name: value for name, value in (found.get("ctx") or {}).items() if isinstance(value, int | float)}
    try:
        said = FIELD_ERRORS.get(kind, ANYTHING_ELSE).format_map(context)
    except KeyError:
        said = ANYTHING_ELSE
    name = next((part for part in reversed(found["loc"]) if isinstance(part, str)), "")
    field = FIELDS.get(name)
    return f"{field.zh}：{said}" if field else said


def sentence(refusal: Refusal, language: str, names: Names | None = None) -> str:
    """The refusal's sentence with names for codes. `names`: those that programmes give to theirs."""
    said = {key: _named(key, value, names or {}, language) for key, value in refusal.details.items()}
    return refusal.sentence(language, said)


def finding_text(finding: Finding, language: str, names: Names) -> str:
    en = language == "en"
    if finding.refusal:
        said = sentence(finding.refusal, language, names)
    else:
        fields = (
            ", ".join(finding.differs) if en else "、".join(_in(_FIELD_NAMES, name, "zh") for name in finding.differs)
        )
        said = (
            f"By the facts that it rests on, {fields} would differ." if en else f"按其所依据的事实，{fields}应为另值。"
        )
    day = finding.out_of_order_on
    if day is None:
        return said
    return f"By the order of effective days ({day}): {said}" if en else f"按生效日（{day}）的先后：{said}"


def names_of(rules: Rules) -> dict[str, Words]:
    """What a programme calls its codes."""
    planned = (*rules.phases, *rules.milestones, *rules.categories, *rules.districts)
    named = (rules, *planned, *rules.quotas, *rules.evaluation.criteria)
    return {one.code: one.name for one in named}


def _named(key: str, value: Any, names: Names, language: str) -> Any:
    if not isinstance(value, str | Enum):
        return value
    text = str(value.value if isinstance(value, Enum) else value)
    if key == "command":
        return _action(text, names, language)
    if key in ("why_zh", "why_en"):
        # A reason that names another event does so by its type.
        return _FACT.sub(lambda found: _in(FACT_NAMES, found[0], language), text)
    known: dict[str, Words] = dict(_NAMED.get(key, {}))
    if key in OF_A_PROGRAMME:
        known |= names
    parts = text.split(_SEPARATOR)
    # As it is, when it holds anything that is no code.
    if not all(part in known for part in parts):
        return text
    return (_SEPARATOR if language == "en" else "、").join(_in(known, part, language) for part in parts)


def _action(text: str, names: Names, language: str) -> str:
    if text in READING:
        return _in(READING, text, language)
    command, _, honour = text.partition(" ")
    action = _in_language(ACTIONS[command].named, language)
    if not honour:
        return action
    name = _in(names, honour, language)
    return f"{action}（{name}）" if language != "en" else f"{action} ({name})"


def _in(known: Mapping[str, Words], code: str, language: str) -> str:
    name = known.get(code)
    return code if name is None else _in_language(name, language)


def _in_language(name: Words, language: str) -> str:
    return name.en if language == "en" else name.zh
