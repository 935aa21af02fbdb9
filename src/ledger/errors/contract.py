"""Refusals of contract, publication and public reports (N11, N12)."""

from ledger.errors.base import Kind, Refusal


class TooManyReports(Refusal):
    kind = Kind.TOO_MANY
    zh, en = (
        "举报过于频繁，请在 {retry_after} 秒后再试。",
        "Too many reports came; try again in {retry_after} seconds.",
    )


class PublicReportUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh, en = "此项目没有举报 {report}。", "This project has no report {report}."


class PublicReportAlreadyAnswered(Refusal):
    kind = Kind.CONFLICT
    zh, en = "此举报已有答复。", "This report has been answered already."
