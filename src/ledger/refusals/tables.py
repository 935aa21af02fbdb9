"""Refusals of tables, of several commands in one, and of exports."""

from typing import Any

from ledger.core.refusal import Kind, Refusal


class TableRefused(Refusal):
    """`errors`: place, code and message of each cell or row that is wrong."""

    kind = Kind.INVALID
    zh, en = "表中有 {count} 处错误，全部未写入。", "The table has {count} errors; nothing was written."

    def __init__(self, errors: list[dict[str, Any]]) -> None:
        super().__init__(count=len(errors))
        self.errors = errors


class WrittenTwice(Refusal):
    kind = Kind.CONFLICT
    zh, en = "同一项目只能出现一次。", "A project may stand here only once."


class RowContradicts(Refusal):
    kind = Kind.CONFLICT
    zh = "第 {row} 行说的是同一社会组织，内容不同。"
    en = "Row {row} is about the same organisation and says something else."


class RegistrationDiffers(Refusal):
    """Only a correction of the registration changes what it says of this field."""

    kind = Kind.CONFLICT
    zh = "{field} 登记为 {registered}，表中为 {stated}；确有错误的，请更正登记。"
    en = "The {field} is registered as {registered}, and the row says {stated}; if that is wrong, correct the former."


class NumberContradicts(Refusal):
    kind = Kind.CONFLICT
    zh = "第 {row} 行是同一编号的项目，内容不同。"
    en = "Row {row} is about the project of the same number and says something else."


class FileContradicts(Refusal):
    kind = Kind.CONFLICT
    zh = "同一文件此前对该项目的记载不同；确有错误的，请更正记录。"
    en = "The same file said something else of this project before; if that is wrong, correct the record."


class EarlierYearUnknown(Refusal):
    kind = Kind.NOT_FOUND
    zh = "尚无以往年度 {programme}；首次补录须写明年份、名称和主管机关。"
    en = "There is no earlier year {programme} yet; the first time, give its year, name and authority."


class EarlierYearDiffers(Refusal):
    kind = Kind.CONFLICT
    zh = "{programme} 是 {recorded} 年度，不是 {stated} 年度。"
    en = "{programme} is the year {recorded}, not {stated}."


class TableEmpty(Refusal):
    kind = Kind.INVALID
    zh, en = "表中没有可提交的行。", "The table holds no row to be sent."


class TablesBusy(Refusal):
    kind = Kind.UNAVAILABLE
    zh = "正在读取的表格太多，请在 {retry_after} 秒后重试。"
    en = "Too many tables are being read; retry in {retry_after} s."


class TableAlreadyImported(Refusal):
    """Names the receipt of its first row. A second import on purpose takes an Idempotency-Key."""

    kind = Kind.CONFLICT
    zh = (
        "此表已于 {recorded_at} 导入，首行写入 {id}（版本 {version}，位置 {position}）。"
        "确需再次导入的，请附 Idempotency-Key。"
    )
    en = (
        "This table was imported at {recorded_at}; its first row was written to {id} (version {version}, position "
        "{position}). To import it again on purpose, send an Idempotency-Key."
    )


class RowAlreadyImported(Refusal):
    kind = Kind.CONFLICT
    zh = "此行已于 {recorded_at} 导入，写入 {id}（版本 {version}，位置 {position}）。"
    en = "This row was imported at {recorded_at}, to {id} (version {version}, position {position})."


class ParquetMissing(Refusal):
    """Over HTTP there is no such file here: who asks cannot install it."""

    kind = Kind.NOT_FOUND
    zh = "此处未安装 Parquet 支持（pip install pyarrow）；CSV 无需安装。"
    en = "Parquet is not installed here (pip install pyarrow). CSV needs nothing."
