"""Writes docs/access.md from the actions of all phases (ledger/core/action.py): `python -m tests.docs.access_page`."""

from collections.abc import Iterable

from tests.docs.documents import DOCS

from ledger.access import (
    SEES_ACCOUNTS,
    SEES_ALL,
    SEES_ALL_MONEY,
    SEES_CONFIDENTIAL,
    SEES_CREDIT_CHANGES,
    SEES_WEBHOOKS,
    SETS_WEBHOOKS,
)
from ledger.core.action import ACTIONS, Action, Scope
from ledger.core.fact import Audience, Role
from ledger.facts import FACTS

PAGE = DOCS / "access.md"
MARKS = {Scope.ALL: "all", Scope.OWN: "own", Scope.DISTRICT: "district", Scope.CITY: "city"}
HEAD = """# Who may do what

For officials, organisations and auditors. Made by `python -m tests.docs.access_page` from what each action in the code
states (`ledger/core/action.py`); a test fails when the two differ. What a role may not do is refused (`role_may_not`,
`out_of_scope`), and leaves no event.

| scope | it reaches |
|---|---|
"""
NEVER = (Role.BENEFICIARY, Role.AUDITOR, Role.CREDIT_SYSTEM, Role.PUBLIC, Role.ADMINISTRATOR)


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(header), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _named(action: Action) -> tuple[str, str]:
    return action.named.zh, action.named.en


def _facts(audience: Audience) -> str:
    return ", ".join(f"`{name}`" for name, fact in sorted(FACTS.items()) if fact.audience is audience)


def text() -> str:
    scopes = "".join(f"| {mark} | {scope.value} |\n" for scope, mark in MARKS.items())
    acting = [role for role in Role if role not in NEVER]
    actions = sorted(ACTIONS.values())
    everybody = [action for action in actions if set(action.may) == set(Role)]
    rows = [
        [
            f"`{action}`",
            action.named.zh,
            action.named.en,
            *(MARKS[action.may[role]] if role in action.may else "" for role in acting),
        ]
        for action in actions
        if action not in everybody
    ]
    others = [
        f"- `{role}`: {', '.join(f'`{action}`' for action in actions if role in action.may) or 'nothing'}"
        for role in NEVER
    ]
    judging = ", ".join(f"`{action}`" for action in actions if action.judging)
    sees = ", ".join(f"`{role}`" for role in Role if role in SEES_ALL)
    money = ", ".join(f"`{role}`" for role in Role if role in SEES_ALL_MONEY)
    confidential = ", ".join(f"`{role}`" for role in Role if role in SEES_CONFIDENTIAL)
    credit = ", ".join(f"`{role}`" for role in Role if role in SEES_CREDIT_CHANGES)
    sets = ", ".join(f"`{role}`" for role in Role if role in SETS_WEBHOOKS)
    webhooks = ", ".join(f"`{role}`" for role in Role if role in SEES_WEBHOOKS)
    accounts = ", ".join(f"`{role}`" for role in Role if role in SEES_ACCOUNTS)
    return (
        HEAD
        + scopes
        + "\n## Commands\n\n"
        + _table(["command", "中文", "English", *(f"`{role}`" for role in acting)], rows)
        + "\nThe other roles write this, and nothing else:\n\n"
        + "\n".join(others)
        + "\n\n`correct` reaches what one entered oneself, and `answer_correction_request` what one is asked about;\n"
        + "the leading group answers in place of an author who did not in time "
        + "([decision 47](decisions/0047-authors.md)).\n"
        + "\n## Interests\n\n"
        + f"Who declared an interest in a project is refused (`interest_stands`) for that project: {judging}.\n"
        + "\n## Reading\n\nEvery project, also before its publication: "
        + f"{sees}. An organisation and a district see their own; everybody else what is published.\n"
        + f"Sums of money over all projects: {money}; everybody else, over what is public.\n"
        + "What is confidential, such as single reviews and declared interests, and the lists of [the audit](audit.md)"
        + f": {confidential}. Which account judged: {accounts}.\n"
        + "Who holds which role on a day: everybody; the name where [the programme](programmes.md) makes it public,"
        + " else the office, the leading group and the body itself. Roles come from appointments ([decision"
        + " 49](decisions/0049-appointments.md)); outside the term nothing is done or read.\n"
        + f"The changes of all [credit records](credit.md): {credit}; receipts for them are the credit system's.\n"
        + f"[Webhooks](webhooks.md) are set up by {sets}, and seen by {webhooks}; a credit system has its own.\n"
        + "What the rules would have refused of a project's history (findings): who takes part in it.\n"
        + "\n## Audiences\n\nWho reads an event beyond those who take part in it "
        + "([decision 8](decisions/0008-audiences.md)).\n\n"
        + _table(["audience", "events"], ([audience.value, _facts(audience)] for audience in Audience))
    )


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
