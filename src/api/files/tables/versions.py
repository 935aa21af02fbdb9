"""The version of its project that a row was made from: a column of its own, so that it survives sorting and Excel."""

from typing import NamedTuple

from api.files.tables.columns import Column, count
from api.files.tables.workbook import CellError, SheetRow
from ledger.core.words import Words
from ledger.project.state import Project

VERSION = Column("version", Words("版本（勿改）", "Version (leave)"), ("version",), count, 10, optional=True)
MISSING = Words(
    "缺少版本：已有项目的行须取自下载的表格",
    "has no version: a row of a project comes from a table that was downloaded",
)
WITHOUT_PROJECT = Words("有版本而无项目编号；新申请请清空版本", "stands without a project; for a new one, empty it")


class Versioned(NamedTuple):
    project: Project
    version: int


def version_error(row: SheetRow) -> CellError | None:
    """What is wrong with the version of a row that was read, if anything."""
    project, version = row.values["project"], row.values["version"]
    if project is not None and not version:
        return CellError(f"row {row.number}", "version_missing", MISSING, {})
    if project is None and version is not None:
        return CellError(row.cells["version"], "version_without_project", WITHOUT_PROJECT, {})
    return None
