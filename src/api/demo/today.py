"""A programme that is open today, so that a newcomer can take part; it says in both languages that it is invented."""

import re
from datetime import date

from api.demo import appointments
from api.demo.cast import Cast
from api.demo.clock import later
from api.demo.opening import Opening
from ledger.accounts import OPERATOR
from ledger.commands.programme import announce
from ledger.project.status import Status
from ledger.rules import beijing_2010, read_rules
from ledger.transaction import Ledger
from ledger.unit_of_work import CommandContext

PROGRAMME = "demo-open"
NAME_ZH, NAME_EN = '"开放演示计划（虚构）"', '"Open demonstration programme (synthetic)"'
OPEN_BEFORE, APPLICATION_DAYS, OPEN_DAYS = 30, 90, 365
HEADER = """\
# 演示数据：此计划不存在，供试用。Synthetic: this programme does not exist; it is there to be tried out.
# Districts, categories, milestones and criteria are those of Beijing 2010. One review is enough here, so that
# one person can walk a project through all steps. All phases are open at once, and an honour waits for no notice.
"""
# How far each of the first projects has come. The first is the host's.
STATES = (
    Status.IN_DELIVERY,
    Status.APPLIED,
    Status.APPLIED,
    Status.HANDED_IN,
    Status.UNDER_REVIEW,
    Status.REJECTED,
    Status.WITHDRAWN,
    Status.CONTRACTED,
    Status.PUBLISHED,
    Status.COMPLETED,
)


def open_rules(today: date) -> str:
    """The programme's file: that of Beijing 2010 with other names, other dates and fewer reviews."""
    text = "".join(line for line in beijing_2010().splitlines(True) if not line.startswith("#"))
    last_day = later(today, OPEN_DAYS)
    changes = {
        r'^code = "beijing-2010"': f'code = "{PROGRAMME}"',
        r"^year = .*": f"year = {today.year}",
        r"^synthetic = .*": "synthetic = true",
        r"^calendar = .*": 'calendar = "weekdays"',
        r'^name = \{ zh = "2010.*': f"name = {{ zh = {NAME_ZH}, en = {NAME_EN} }}",
        r"^authority = .*": 'authority = { zh = "演示主管部门", en = "Demonstration authority" }',
        r"^start = .*": f"start = {later(today, -OPEN_BEFORE).isoformat()}",
        r"^last_day = .*": f"last_day = {last_day.isoformat()}",
        r"^rolls_to_working_day = .*": "rolls_to_working_day = false",
        r"^(needed|favourable) = .*": r"\1 = 1",
        r'^pattern = "(.*)号"': r'pattern = "\1号（演示）"',
        r"^(nominations|objections) = .*": r"\1 = false",
    }
    for pattern, line in changes.items():
        text, count = re.subn(pattern, line, text, flags=re.MULTILINE)
        assert count, f"the programme file has changed: {pattern}"
    # The first phase is that of applications; it ends before the others.
    first = f"last_day = {later(today, APPLICATION_DAYS).isoformat()}"
    return HEADER + text.replace(f"last_day = {last_day.isoformat()}", first, 1)


async def open_programme(ledger: Ledger, cast: Cast, today: date) -> None:
    """Announces it and brings a few projects to different states. `today` is a day of the ledger's clock."""
    text = open_rules(today)
    await ledger.transact(CommandContext(OPERATOR), announce(text))
    await appointments.appoint_all(ledger, cast, PROGRAMME, today, later(today, OPEN_DAYS))
    players = [cast.host, *(player for player in cast.organisations if player is not cast.host)]
    for number, (state, player) in enumerate(zip(STATES, players, strict=False), 1):
        await Opening(ledger, cast, read_rules(text), player, today).walk_to(state, number)
