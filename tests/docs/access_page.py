"""Writes docs/access.md from what the actions of all phases (ledger/core/action.py) and the facts state:
`python -m tests.docs.access_page`."""

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
from ledger.core.fact import Fact, Role
from ledger.facts import FACTS
from ledger.organisation.state import OrganisationFact
from ledger.programme import ProgrammeFact
from ledger.project.fact import ProjectFact
from ledger.unit_of_work import YEARS_AHEAD

PAGE = DOCS / "access.md"
MARKS = {Scope.ALL: "all", Scope.OWN: "own", Scope.DISTRICT: "district", Scope.CITY: "city"}
HEAD = """# Who may do, read and correct what

For officials, organisations and auditors. Made by `python -m tests.docs.access_page` from what each action
(`ledger/core/action.py`) and each fact states in the code; a test fails when the two differ. What a role may not do is
refused (`role_may_not`, `out_of_scope`), and leaves no event.

| scope | it reaches |
|---|---|
"""
_CORRECTIONS = f"""
## Corrections

By whom: the author of the fact alone, that is the role and, of organisations and districts, the body that entered it,
or its legal successor; of reviews, scores and evaluations by a member, the same person. An official corrects what it
entered for an organisation. Everybody else gets `not_the_author` ([decision 47](decisions/0047-authors.md)).
The office, and a district for its own, ask the author by
`POST /v1/projects/{{project_id}}/correction-requests` with the same body; the author answers by
`POST /v1/projects/{{project_id}}/correction-answers` with `{{"request": 12, "granted": true}}`. A restatement of what
another has approved, accepted, selected or ranked since is recorded as such a request to that one.

`POST …/corrections` with `{{"kind": "void", "target": 5, "reason": "…"}}` or `{{"kind": "restate", "target": 5,
"changes": {{…}}, "effective_on": "2010-03-10", "reason": "…"}}`; `target` is the version in the stream. What is not
possible is `correction_not_possible`, with what to do instead. *May the void be voided*: whether what was voided may
count again; where not, it is recorded again. What *stays* is the same before and after a restatement: references,
participants, and what the ledger computed, copied or issued. *Ahead*: it may be announced for a day to come, up to
{YEARS_AHEAD} years, and moved to one. A correction is voided by its author, never restated, and read as the fact it is
about. Why it is so: decisions [9](decisions/0009-corrections.md) and [22](decisions/0022-corrections-complete.md).
"""
NEVER = (Role.BENEFICIARY, Role.AUDITOR, Role.CREDIT_SYSTEM, Role.PUBLIC, Role.ADMINISTRATOR)


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(header), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _named(action: Action) -> tuple[str, str]:
    return action.named.zh, action.named.en


def _name(fact: type[Fact]) -> str:
    return f"`{fact.model_fields['type'].default}`"


def _row(fact: type[Fact]) -> list[str]:
    rule = fact.correction
    void = f"no: {rule.void.en}" if rule.void else "yes"
    again = "" if rule.void else "yes" if rule.again else "no"
    fixed = ", ".join(f"`{name}`" for name in rule.fixed)
    return [_name(fact), fact.audience.value, void, again, fixed, "yes" if fact.ahead else ""]


def _stream(kind: type[Fact]) -> str:
    """Columns of which nothing is said are left out."""
    facts = (fact for _, fact in sorted(FACTS.items()) if issubclass(fact, kind))
    rows = [_row(fact) for fact in facts if not fact.correction.is_never]
    header = ["event", "who reads it", "void", "may the void be voided", "what stays", "ahead"]
    said = [column for column in range(len(header)) if any(row[column] for row in rows)]
    return _table([header[column] for column in said], [[row[column] for column in said] for row in rows])


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
    never = [
        [_name(fact), fact.audience.value, why.en]
        for _, fact in sorted(FACTS.items())
        if fact.correction.is_never and (why := fact.correction.void)
    ]
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
        + "Who reads an event beyond those who take part in it, say the tables below "
        + "([decision 8](decisions/0008-audiences.md)).\n"
        + _CORRECTIONS
        + "\n### Projects\n\n`POST /v1/projects/{project_id}/corrections`.\n\n"
        + _stream(ProjectFact)
        + "\n### Organisations\n\n`POST /v1/organisations/{organisation_id}/corrections`.\n\n"
        + _stream(OrganisationFact)
        + "\n### Programmes\n\n`POST /v1/programmes/{programme}/corrections`.\n\n"
        + _stream(ProgrammeFact)
        + "\n### Never\n\n"
        + _table(["event", "who reads it", "instead"], never)
    )


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
