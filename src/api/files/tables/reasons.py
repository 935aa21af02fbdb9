"""Why a workbook is not read, in the reader's language, with what to do about it."""

from api.files.tables.xlsx.unreadable import Reason, Unreadable
from ledger.core.words import Words
from ledger.refusals.general import FileRefused

SAVE_AS = Words("请在 Excel 或 WPS 表格中另存为 .xlsx 后再提交", "save it as .xlsx in Excel or WPS and send that")


def _other(zh: str, en: str) -> Words:
    return Words(f"{zh}；{SAVE_AS.zh}", f"{en}; {SAVE_AS.en}")


REASONS: dict[Reason, Words] = {
    Reason.EMPTY_FILE: Words("文件是空的", "the file is empty"),
    Reason.OLD_EXCEL: _other(
        "这是旧版 Excel（.xls）或 WPS 表格（.et）文件", "this is a workbook of old Excel (.xls) or of WPS (.et)"
    ),
    Reason.PASSWORD: Words(
        "文件设有密码；请取消密码后再提交", "it is protected by a password; remove the password and send it again"
    ),
    Reason.ODS: _other("这是 OpenDocument 文件（.ods）", "this is an OpenDocument file (.ods)"),
    Reason.OFD: Words(
        "这是版式文件（.ofd），不是电子表格；请填写导出的 .xlsx 表格",
        "this is a document in fixed layout (.ofd), no spreadsheet; fill in the .xlsx table that is exported here",
    ),
    Reason.UOF: _other("这是标文通文件（.uof、.uos）", "this is a UOF file (.uof, .uos)"),
    Reason.XLSB: _other("这是二进制工作簿（.xlsb）", "this is a binary workbook (.xlsb)"),
    Reason.MACROS: _other("这是含宏的工作簿（.xlsm）", "this is a workbook with macros (.xlsm)"),
    Reason.XML_SPREADSHEET: _other("这是 XML 电子表格 2003 文件", "this is an XML spreadsheet of Excel 2003"),
    Reason.HTML: _other("这是网页文件（.html）", "this is a web page (.html)"),
    Reason.PDF: Words(
        "这是 PDF 文件，不是电子表格；请填写导出的 .xlsx 表格",
        "this is a PDF, no spreadsheet; fill in the .xlsx table that is exported here",
    ),
    Reason.WORD: Words(
        "这是 Word 文件，不是电子表格；请填写导出的 .xlsx 表格",
        "this is a Word document, no spreadsheet; fill in the .xlsx table that is exported here",
    ),
    Reason.CSV: _other("这是文本文件（如 .csv）", "this is a text file such as CSV (.csv)"),
    Reason.NO_WORKBOOK: _other("这不是 Excel 工作簿（.xlsx）", "this is no Excel workbook (.xlsx)"),
    Reason.DAMAGED: _other("文件已损坏或不符合 .xlsx 的规定", "it is damaged, or breaks the rules of .xlsx"),
    Reason.ENTRY_NAME: _other("压缩包内有不允许的文件名", "the archive holds a file name that is not allowed"),
    Reason.ENTRY_TWICE: _other("压缩包内有重名文件", "the archive holds two files of the same name"),
    Reason.FOREIGN_XML: _other(
        "其中的 XML 带有文档类型声明，或未用 UTF-8、UTF-16 编码",
        "its XML declares a document type, or an encoding other than UTF-8 and UTF-16",
    ),
    Reason.CELL_TWICE: _other("同一单元格出现两次", "the same cell stands there twice"),
    Reason.TOO_LARGE: Words(
        "解压后过大；请分成几个文件提交", "it is too large when it is unpacked; send several files"
    ),
    Reason.TOO_MANY_SHEETS: Words("工作表超过 {value} 张", "it has more than {value} sheets"),
    Reason.TOO_MANY_CELLS: Words(
        "单元格过多；请删除表格以外的空行、空列及其格式",
        "it has too many cells; delete the empty rows and columns around the table, with their formats",
    ),
    Reason.TOO_MUCH_TEXT: Words("文字过多；请分成几个文件提交", "it holds too much text; send several files"),
    Reason.TOO_MANY_ROWS: Words(
        "超过 {value} 行；请分成几个文件提交，或删除表格以外的内容",
        "more than {value} rows; send several files, or delete what stands outside of the table",
    ),
    Reason.TOO_MANY_COLUMNS: Words(
        "表格以外还有内容；请删除后再提交", "there is content outside of the table; delete it and send the file again"
    ),
    Reason.TOO_SLOW: Words(
        "读取时间过长或占用过多内存；请将表格复制到新的工作簿后再提交",
        "reading it takes too much time or memory; copy the table into a new workbook and send that",
    ),
    Reason.FORMULA: Words("有公式；请改为填写数值", "a formula; put its value instead"),
    Reason.MERGED: Words("有合并单元格；请取消合并，各行分别填写", "merged cells; give each row its own"),
    Reason.HIDDEN_SHEET: Words(
        "隐藏的工作表中有内容；请取消隐藏并核对，或删除该表",
        "a hidden sheet with content; show and check it, or delete it",
    ),
    Reason.HIDDEN_ROW: Words(
        "隐藏或被筛选的行中有内容；请取消隐藏、清除筛选并核对，或删除该行",
        "a hidden or filtered row with content; show and check it, or delete it",
    ),
    Reason.HIDDEN_COLUMN: Words(
        "隐藏的列中有内容；请取消隐藏并核对", "a hidden column with content; show and check it"
    ),
    Reason.HIDDEN_CELL: Words(
        "单元格格式使内容不可见；请改用常规格式并核对",
        "a number format hides the content; choose the general format and check it",
    ),
    Reason.SECOND_SHEET: Words(
        "工作表“{value}”中已有表格，此表也有内容；请只保留一张",
        "the sheet {value} holds a table already, and this one has content too; keep only one",
    ),
    Reason.NOT_A_SHEET: Words(
        "不是普通工作表（如图表、宏表）；请删除该表", "this is no plain sheet, but a chart or macros; delete it"
    ),
    Reason.EMPTY_SHEET: Words("表是空的", "the sheet is empty"),
    Reason.NO_HEADING: Words("此列没有标题；请删除内容或补上标题", "its column has no heading; delete it, or add one"),
    Reason.UNKNOWN_COLUMN: Words("未知或重复的列：{value}", "an unknown or repeated column: {value}"),
    Reason.MISSING_COLUMNS: Words("缺少以下列：{value}", "columns are missing: {value}"),
}


def refusal_of(error: Unreadable) -> FileRefused:
    """For people with its sheet; for programs, `xlsx` stands for the file as a whole."""
    words = REASONS[error.reason]
    zh, en = (words.in_(language, value=error.value) for language in ("zh", "en"))
    where_zh, where_en = _where(error.place)
    if error.sheet is not None:
        where_zh = f"工作表“{error.sheet}”{where_zh}"
        where_en = f'sheet "{error.sheet}"{", " if where_en else ""}{where_en}'
    said = (f"{where_zh}：{zh}。" if where_zh else f"{zh}。", f"{where_en}: {en}." if where_en else f"{en}.")
    return FileRefused(place=error.place or "xlsx", why=en, sheet=error.sheet, said=said)


def _where(place: str) -> tuple[str, str]:
    kind, _, name = place.partition(" ")
    match kind:
        case "":
            return "", ""
        case "row":
            return f"第 {name} 行", place
        case "column":
            return f"{name} 列", place
        case _:
            return f"单元格 {place}", f"cell {place}"
