"""Refusals of drafts."""

from ledger.core.refusal import Kind, Refusal


class DraftTooLarge(Refusal):
    kind = Kind.TOO_LARGE
    zh, en = "内容过长，草稿无法保存。", "This is too long to be kept as a draft."


class TooManyDrafts(Refusal):
    kind = Kind.CONFLICT
    zh = "最多保存 {most} 份草稿，请先提交或丢弃其他草稿。"
    en = "At most {most} drafts are kept; send or discard another one first."
