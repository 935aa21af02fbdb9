"""Projects of the year before, which the office carries over from its table (synthetic)."""

import csv
from asyncio import to_thread
from collections.abc import Sequence
from datetime import date
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from api.demo.cast import Player
from api.demo.clock import NOON
from api.demo.play import Play
from api.files.imports.earlier import import_earlier
from ledger.commands.earlier_years import EarlierYear

CODE, YEAR = "demo-2009", 2009
CARRIED_OVER_ON = date(YEAR + 1, 1, 26)
NAME, AUTHORITY = "2009年公益服务项目（演示，虚构）", "示例市民政局（演示）"
FILE = "以往年度项目（演示）.csv"
# Whose they are is filled in.
ROWS = (
    {
        "项目名称": "社区老人助餐（演示）",
        "项目领域": "扶老助残",
        "项目内容": "为独居老人送午餐。",
        "开始日期": "2009-03-01",
        "结束日期": "2009-11-30",
        "完成情况": "已完成",
        "服务人数": "260",
        "批准金额": "48000.00",
        "支出金额": "47200.00",
        "评估结果": "优秀",
        "表彰": "2009年度优秀项目（演示）",
    },
    {
        "项目名称": "农家书屋共读（演示）",
        "项目领域": "支教助学",
        "项目内容": "每周末组织儿童共读。",
        "开始日期": "2009-04-01",
        "结束日期": "2009-10-31",
        "完成情况": "已完成",
        "服务人数": "135",
        "批准金额": "20000.00",
        "支出金额": "20000.00",
        "评估结果": "合格",
    },
    {
        "项目名称": "外来务工者法律咨询（演示）",
        "项目领域": "法律援助",
        "项目内容": "每月两次现场咨询。",
        "开始日期": "2009-03-15",
        "结束日期": "2009-12-15",
        "完成情况": "已完成",
        "服务人数": "410",
        "批准金额": "36000.00",
        "支出金额": "35150.00",
        "评估结果": "良好",
    },
    {
        "项目名称": "社区绿地认养（演示）",
        "项目领域": "生态环境",
        "项目内容": "居民认养绿地。",
        "开始日期": "2009-05-01",
        "结束日期": "2009-08-20",
        "完成情况": "已终止",
        "服务人数": "60",
        "批准金额": "15000.00",
        "支出金额": "6400.00",
    },
)


async def carry_over(play: Play) -> None:
    """Once the organisations are registered, at an hour at which nobody else acts."""
    await play.until(CARRIED_OVER_ON, NOON)
    with TemporaryDirectory() as folder:
        path = Path(folder, FILE)
        table = _table(play.cast.organisations[: len(ROWS)])
        await to_thread(path.write_text, table, encoding="utf-8")
        year = EarlierYear(year=YEAR, name=NAME, authority=AUTHORITY)
        result = await import_earlier(play.ledger, CODE, path, year, "zh", lambda done, total: None, dry_run=False)
    assert (result.new, result.refused) == (len(ROWS), ())


def _table(players: Sequence[Player]) -> str:
    rows = [
        {
            "项目编号": f"演示〔{YEAR}〕{nth:03}号",
            "单位标识": f"{player.registration.identifiers[0].scheme}:{player.registration.identifiers[0].id}",
            "登记辖区": player.registration.district or "",
            "实施地点": player.place.name.zh,
            **row,
        }
        for nth, (player, row) in enumerate(zip(players, ROWS, strict=True), 1)
    ]
    out = StringIO(newline="")
    written = csv.DictWriter(out, list(dict.fromkeys(heading for row in rows for heading in row)))
    written.writeheader()
    written.writerows(rows)
    return out.getvalue()
