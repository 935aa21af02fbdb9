"""Refusals about organisations, identifiers, eligibility and districts (N6, N22)."""

from ledger.errors.base import Kind, Refusal


class OrganisationMerged(Refusal):
    kind = Kind.CONFLICT
    zh = "该社会组织已并入{into_name}（{into}）。"
    en = "The organisation was merged into {into_name} ({into})."


class OrganisationDeregistered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该社会组织已注销或撤销（{document_number}）。", "The organisation was deregistered ({document_number})."


class OrganisationBarred(Refusal):
    kind = Kind.CONFLICT
    zh = "该社会组织自 {since} 起列入名录 {list}，本计划不接受其申报。"
    en = "The organisation has been on the list {list} since {since}; this programme does not take it."


class OrganisationExcluded(Refusal):
    kind = Kind.CONFLICT
    zh, en = (
        "本计划不接受标识为 {identifier} 的社会组织。",
        "This programme does not take the organisation with the identifier {identifier}.",
    )


class OrganisationUnchanged(Refusal):
    kind = Kind.CONFLICT
    zh, en = "{field} 本来就是 {value}。", "The {field} is {value} already."


class MergedIntoItself(Refusal):
    kind = Kind.INVALID
    zh, en = "社会组织不能并入自身。", "An organisation is not merged into itself."


class IdentifierTaken(Refusal):
    kind = Kind.CONFLICT
    zh = "标识 {identifier} 已属于社会组织 {organisation}。"
    en = "The identifier {identifier} is taken by the organisation {organisation}."


class IdentifierRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "每个标识只列一次：{identifier}。", "Each identifier stands once: {identifier}."


class IdentifierNotInForce(Refusal):
    kind = Kind.INVALID
    zh = "{identifier} 不是该社会组织现行的标识。"
    en = "{identifier} is not an identifier that the organisation has in force."


class IdentifierForm(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "标识写作 SCHEME:ID，如 CN-REG:…：{given}。",
        "An identifier is written SCHEME:ID, such as CN-REG:1: {given}.",
    )


class IdentifierSuccessionWrong(Refusal):
    kind = Kind.INVALID
    zh = "统一社会信用代码第 9 至 17 位须为原组织机构代码 {expected}，现为 {got}。"
    en = "Characters 9 to 17 of a unified code are the organisation code {expected}, not {got}."


class GradeValidityWrong(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "等级有效期止于 {valid_until}，早于 {valid_from}。",
        "The grade ends on {valid_until}, before it starts on {valid_from}.",
    )


class AlreadyListed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该社会组织已在名录 {list} 上。", "The organisation is on the list {list} already."


class NotListed(Refusal):
    kind = Kind.CONFLICT
    zh, en = "该社会组织不在名录 {list} 上。", "The organisation is not on the list {list}."


class DistrictNotInForce(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "{district} 不是本计划现有的区县。可选：{choices}。",
        "{district} is no district that this programme has now. Choices: {choices}.",
    )


class DistrictRepeated(Refusal):
    kind = Kind.INVALID
    zh, en = "一个区县只有一个承继者：{district}。", "A district has one successor: {district}."
