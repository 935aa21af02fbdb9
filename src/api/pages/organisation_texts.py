"""What the page of one organisation says; what its dossier says too has its words there (`archive/words.py`)."""

from ledger.core.words import Words

ORGANISATION: dict[str, Words] = {
    "orgs_title": Words("社会组织", "Organisations"),
    "orgs_lead": Words(
        "登记在册的社会组织，以所示日期的登记信息为准。", "The register of organisations, as it stood on the day shown."
    ),
    "orgs_search": Words("组织名称", "Name of the organisation"),
    "orgs_grade": Words("评估等级", "Grade"),
    "orgs_grade_is": Words("{grade}A 级", "{grade}A"),
    "orgs_status": Words("登记状态", "Status"),
    "orgs_active": Words("正常", "Active"),
    "orgs_merged": Words("已合并", "Merged"),
    "orgs_district": Words("登记机关", "Registered with"),
    "orgs_city": Words("市级", "the city"),
    "orgs_kind": Words("类别", "Kind of organisation"),
    "orgs_identifiers": Words("登记证号", "Identifiers"),
    "orgs_apply": Words("查找", "Find"),
    "orgs_count": Words("共 {count} 家", "{count} in all"),
    "orgs_none": Words("没有符合条件的社会组织。", "No organisation matches."),
    "orgs_download": Words("下载这些社会组织", "Download these organisations"),
    "orgs_field_q": Words("名称", "Name"),
    "orgs_field_after": Words("翻页", "Page"),
    "orgs_any": Words("不限", "Any"),
    "json_organisations": Words("社会组织名录", "Register of organisations"),
    "org_names": Words("名称沿革", "Names over time"),
    "org_from": Words("起用", "first used"),
    "org_facts": Words("基本信息", "Particulars"),
    "org_projects": Words("项目", "Projects"),
    "org_projects_count": Words("共 {count} 个", "{count} in all"),
    "org_all_projects": Words("在项目名录中查看", "See them in the list of projects"),
    "org_no_projects": Words("没有已公布的项目。", "It has no published project."),
    "org_honours": Words("表彰", "Honours"),
    "org_no_honours": Words("没有表彰记录。", "No honours are recorded."),
    "org_credit": Words("信用记录", "Credit record"),
    "org_credit_lead": Words(
        "按记录的事实列出，每一行都可以看到依据的记录。状态以所示日期为准。",
        "Line by line as recorded; each leads to the records that it rests on. The status is that of the day shown.",
    ),
    "org_no_credit": Words("没有信用记录。", "The credit record is empty."),
    "org_rests_on": Words("依据记录", "Records"),
    "org_history": Words("登记经过", "History of the registration"),
    "org_archive": Words("下载电子档案（ZIP）", "Download the electronic archive (ZIP)"),
    "org_archive_lead": Words(
        "全部公开材料和每条记录的证明，可离线核验。",
        "All that is public, with a proof of each record, to be verified offline.",
    ),
    "org_as_of": Words(
        "截至账本第 {position} 号记录所知，{day} 的情况。", "As known at record no. {position}, on {day}."
    ),
    "json_organisation": Words("社会组织", "Organisation"),
    "json_credit": Words("信用记录", "Credit record"),
    "json_organisation_history": Words("经过", "History"),
}
