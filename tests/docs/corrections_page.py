"""Writes docs/corrections.md from what each fact declares: `python -m tests.docs.corrections_page`."""

from collections.abc import Iterable

from tests.docs.documents import DOCS

from ledger.core.fact import Fact
from ledger.facts import FACTS
from ledger.organisation.state import OrganisationFact
from ledger.programme import ProgrammeFact
from ledger.project.fact import ProjectFact
from ledger.unit_of_work import YEARS_AHEAD

PAGE = DOCS / "corrections.md"
HEAD = f"""# What may be corrected

For officials and auditors. Made from the `correction` that each fact declares (`ledger/project/`,
`ledger/organisation/`, …) by `python -m
tests.docs.corrections_page`; a test fails when the two differ. Why it is so: [decision
9](decisions/0009-corrections.md).

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
{YEARS_AHEAD} years, and moved to one
([decision 22](decisions/0022-corrections-complete.md)).
"""


def _table(header: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    lines = [list(header), *map(list, rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _name(fact: type[Fact]) -> str:
    return f"`{fact.model_fields['type'].default}`"


def _row(fact: type[Fact]) -> list[str]:
    rule = fact.correction
    void = f"no: {rule.void.en}" if rule.void else "yes"
    again = "" if rule.void else "yes" if rule.again else "no"
    fixed = ", ".join(f"`{name}`" for name in rule.fixed)
    return [_name(fact), void, again, fixed, "yes" if fact.ahead else ""]


def _stream(kind: type[Fact]) -> str:
    """Columns of which nothing is said are left out."""
    facts = (fact for _, fact in sorted(FACTS.items()) if issubclass(fact, kind))
    rows = [_row(fact) for fact in facts if not fact.correction.is_never]
    header = ["fact", "void", "may the void be voided", "what stays", "ahead"]
    said = [column for column in range(len(header)) if any(row[column] for row in rows)]
    return _table([header[column] for column in said], [[row[column] for column in said] for row in rows])


def text() -> str:
    never = [
        [_name(fact), why.en]
        for _, fact in sorted(FACTS.items())
        if fact.correction.is_never and (why := fact.correction.void)
    ]
    return (
        HEAD
        + "\n## Projects\n\n`POST /v1/projects/{project_id}/corrections`.\n\n"
        + _stream(ProjectFact)
        + "\n## Organisations\n\n`POST /v1/organisations/{organisation_id}/corrections`.\n\n"
        + _stream(OrganisationFact)
        + "\n## Programmes\n\n`POST /v1/programmes/{programme}/corrections`.\n\n"
        + _stream(ProgrammeFact)
        + "\n## Corrections\n\nA correction is voided by its author, and never restated.\n"
        + "\n## Never\n\n"
        + _table(["fact", "instead"], never)
    )


if __name__ == "__main__":
    PAGE.write_text(text(), "utf-8")
