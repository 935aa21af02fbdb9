"""What the pages say that correct a record, take words out of one, and take a table in."""

from ledger.core.words import Words

FORMS: dict[str, Words] = {
    # Corrections.
    "correct_it": Words("更正", "Correct"),
    "correct_title": Words("更正一条记录", "Correct a record"),
    "correct_how": Words("可以怎样更正", "How it may be corrected"),
    "correct_lead": Words(
        "原记录永远保留，更正另记一条，并写明理由。录入单位自行更正；上级机关可以请录入单位更正。",
        "The record itself stays for ever; a correction is another entry, which says why. The author of a record "
        "corrects it; an authority may ask the author to.",
    ),
    "correct_or_ask": Words("这条记录有误", "Is this record wrong?"),
    "correct_or_ask_lead": Words(
        "录入单位登录后可以更正，主管机关可以申请更正。公众可以向主办机关举报。",
        "Its author corrects it after signing in, and an authority may ask for that. Everybody may report it.",
    ),
    "to_event": Words("这条记录的页面", "The page of this record"),
    "restate": Words("更正内容", "Put right what it says"),
    "void": Words("作废这条记录", "Void the record"),
    "ask_restate": Words("申请更正内容", "Ask the author to put it right"),
    "ask_void": Words("申请作废这条记录", "Ask the author to void it"),
    "changes_made": Words("改动", "What changes"),
    "nothing_changed": Words("没有改动任何内容。", "Nothing is changed."),
    # Redaction.
    "redact": Words("删除记录中的文字", "Take words out of a record"),
    "redact_about": Words("账本第 {position} 号记录：{kind}", "Record no. {position} of the ledger: {kind}"),
    # A year's plan.
    "plan_title": Words("一次申报多个项目（年度计划）", "Several applications at once (a year's plan)"),
    "plan_projects": Words("{count} 个项目", "{count} projects"),
    "plan_filed": Words("{count} 个项目已申报", "{count} projects are filed"),
    # Batches.
    "batches_title": Words("批量办理", "Several projects at once"),
    "batches_lead": Words(
        "选择要办理的事项，再勾选项目。一批项目要么全部办理，要么全部不办理；需要文号的，用同一文号。",
        "Choose what is done, then the projects. All of them are done or none, under one document number where there "
        "is one.",
    ),
    "batches_none": Words("现在没有可以批量办理的事项。", "There is nothing to be done for several projects now."),
    "select_free": Words("可以办理的项目", "Projects that it can be done for"),
    "select_lead": Words(
        "勾选后继续，下一页填写理由、文号等。", "Tick them; reasons and numbers come on the next page."
    ),
    "select_none": Words("没有可以办理的项目。", "There is no project that it can be done for."),
    "select_blocked": Words("现在不能办理的项目", "Projects that it cannot be done for now"),
    "for_all": Words("所选项目相同的内容", "The same for all that are chosen"),
    "for_all_lead": Words(
        "填在这里的，用于下面留空的各项；逐项填写的以逐项为准。",
        "What stands here is used wherever the field below is left empty.",
    ),
    # Tables.
    "tables_title": Words("用 Excel 办理", "By Excel"),
    "tables_lead": Words(
        "下载表格填写后拖回来：先逐格核对，核对无误再写入账本。",
        "Download a table, fill it in and drop it here: each cell is checked first, and nothing is written before.",
    ),
    "tables_none": Words("按您的职责没有可用的表格。", "There is no table for your role."),
    "table_by_file": Words("{table}：用 Excel 填报", "{table} by Excel"),
    "table_first": Words("第一步 下载表格", "First: download the table"),
    "table_first_lead": Words(
        "表中已填好账本里现有的内容；标 * 的列必填，“版本”一列请勿改动。",
        "It holds what the ledger has by now. Columns marked * are needed; leave the column “Version” as it is.",
    ),
    "table_download": Words("下载 Excel 表格", "Download the Excel table"),
    "table_second": Words("第二步 交回填好的表格", "Second: hand the table in"),
    "table_file": Words("填好的表格", "The table, filled in"),
    "table_file_hint": Words(
        "把文件拖到框内，或点击选择；只收 .xlsx，最多 500 行", "Drop the file here or choose it; .xlsx, up to 500 rows"
    ),
    "table_number": Words("文号", "Document number"),
    "table_number_hint": Words(
        "全部行用同一文号；不填则由登记簿编下一号", "One for all rows; by default the next of the register"
    ),
    "table_each": Words("逐行写入", "Row by row"),
    "table_each_lead": Words(
        "有错的行不写，其余照写；不选则全部无误才写入",
        "Rows with errors are left out; otherwise all are written or none",
    ),
    "table_check": Words("核对", "Check the table"),
    "table_check_lead": Words("核对时不写入任何内容。", "Nothing is written by checking."),
    "table_missing": Words("请先选择填好的表格。", "Choose the table first."),
    "table_at": Words("工作表“{sheet}”{at}", "sheet “{sheet}”, {at}"),
    "table_row": Words("第 {number} 行", "row {number}"),
    "table_grid": Words("要改的单元格", "The cells to put right"),
    "table_possible": Words("核对完毕：{count} 行可以写入。", "Checked: {count} rows can be written."),
    "table_write": Words("写入这 {count} 行", "Write these {count} rows"),
    "table_written": Words("{count} 行已记入账本", "{count} rows stand in the ledger"),
    "table_row_heading": Words("行", "Row"),
    "table_project": Words("项目", "Project"),
    "table_open": Words("打开", "Open"),
}
