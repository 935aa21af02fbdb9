"""Refusals of tables, of several commands in one, and of exports."""

from ledger.errors.base import Kind, Refusal


class TableRefused(Refusal):
    """`errors`: place, code and message of each cell or row that is wrong."""

    kind = Kind.INVALID
    zh, en = "表中有 {count} 处错误，全部未写入。", "The table has {count} errors; nothing was written."

    def __init__(self, errors: list[dict[str, str]]) -> None:
        super().__init__(count=len(errors))
        self.errors = errors


class WrittenTwice(Refusal):
    kind = Kind.CONFLICT
    zh, en = "同一项目只能出现一次。", "A project may stand here only once."


class TableEmpty(Refusal):
    kind = Kind.INVALID
    zh, en = "表中没有可提交的行。", "The table holds no row to be sent."


class ParquetMissing(Refusal):
    """Over HTTP there is no such file here: who asks cannot install it."""

    kind = Kind.NOT_FOUND
    zh = "此处未安装 Parquet 支持（pip install pyarrow）；CSV 无需安装。"
    en = "Parquet is not installed here (pip install pyarrow). CSV needs nothing."
