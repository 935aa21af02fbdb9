"""What the page of a draw says."""

from ledger.core.words import Words

DRAW: dict[str, Words] = {
    "draw_title": Words("受益人抽样", "The draw of beneficiaries"),
    "draw_lead": Words(
        "抽中谁由事先登记的名册和其后公布的随机数决定，任何人都可以重算。名册只有编码，不含姓名。",
        "Who is drawn follows from a list that was registered first and a random value that was published afterwards. "
        "Anybody can compute it again. The list holds codes and no names.",
    ),
    "draw_none": Words("此项目尚未登记抽样名册。", "No list to draw from is registered for this project."),
    "draw_not_yet": Words(
        "名册已登记，随机数将于 {day} 公布，届时抽样。",
        "The list is registered. The random value comes on {day}, and with it the draw.",
    ),
    "draw_no_script": Words(
        "请打开浏览器的脚本，由它重算；或按说明用自己的程序计算。",
        "Allow scripts, and your browser computes it; or use a program of your own.",
    ),
    "draw_right": Words("您的浏览器算出的结果与记录一致。", "Your browser found what the ledger recorded."),
    "draw_wrong": Words(
        "您的浏览器算出的结果与记录不一致。", "Your browser found something else than the ledger recorded."
    ),
    "draw_failed": Words("没有取到数据，未能重算。", "The data could not be fetched, so nothing was computed."),
    "draw_list": Words("名册", "The list"),
    "draw_list_lead": Words(
        "登记 {size} 条，按序排列；全部条目的 SHA-256 为名册摘要。",
        "{size} entries in order; the SHA-256 of all of them is its digest.",
    ),
    "draw_seed": Words("种子", "The seed"),
    "draw_seed_lead": Words(
        "名册摘要接上随机数“{value}”（来源：{source}），再取 SHA-256。",
        "SHA-256 of the digest and the random value “{value}” ({source}).",
    ),
    "draw_count": Words("抽取数", "How many"),
    "draw_count_lead": Words(
        "名册的 {share}%，向上取整，不足 {least} 条的取 {least} 条。",
        "{share}% of the list, rounded up, and at least {least}.",
    ),
    "draw_drawn": Words("抽中", "Who is drawn"),
    "draw_drawn_lead": Words(
        "种子与每条编码合取 SHA-256，最小的 {count} 条抽中；下面是各条开头的十二位。",
        "The {count} entries with the lowest SHA-256 of seed and entry; each by its first twelve digits.",
    ),
    "draw_data": Words("重算用的数据（JSON）", "The data to compute it from (JSON)"),
    "draw_step_right": Words("一致", "the same"),
    "draw_step_wrong": Words("不一致", "differs"),
}
