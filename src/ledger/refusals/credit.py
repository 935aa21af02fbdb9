"""Refusals to who reads the changes of credit records (N22)."""

from ledger.core.refusal import Kind, Refusal


class CreditCursorGone(Refusal):
    kind = Kind.GONE
    zh = "这一游标属于信用记录的另一版本或另一份历史；请不填 after，从头读取快照。"
    en = "This cursor is of other credit records or of another history; begin with the snapshot, without after."
