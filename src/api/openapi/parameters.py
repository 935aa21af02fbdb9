"""What each parameter is, for those whose route does not say so itself, and an example of each."""

from typing import NamedTuple


class Parameter(NamedTuple):
    """No `description`: every route that takes it has its own. No `example`: one that is made from its type."""

    description: str = ""
    example: str | int | None = None


PARAMETERS: dict[str, Parameter] = {
    "after": Parameter("Only what comes behind this cursor or position.", "402"),
    "at_least": Parameter("Only projects of which this amount is not smaller; see `figure`.", "10000.00"),
    "at_most": Parameter("Only projects of which this amount is not larger; see `figure`.", "50000.00"),
    "award": Parameter(example=14),
    "axis": Parameter(),
    "before": Parameter(example=402),
    "beneficiaries": Parameter("Weight of the beneficiaries' answers in a trial ranking, in percent.", 30),
    "body": Parameter(example="110105"),
    "by": Parameter("How to group."),
    "category": Parameter("The code of a field of the programme.", "elderly-disabled"),
    "code": Parameter("Refused with this code.", "role_may_not"),
    "codelist": Parameter("The file name of a codelist.", "+milestoneType.csv"),
    "completion": Parameter("Weight of completion in a trial ranking, in percent.", 40),
    "content-digest": Parameter(example="sha-256=:n4bQgYhMfWWaL+qgxVrQFaO/TxsrC4Is0V1sFbDwCgg=:"),
    "corrections_only": Parameter(),
    "cursor": Parameter("`next_cursor` of the page before.", "eyJwIjo0MDJ9.c2VhbA"),
    "district": Parameter("The code of a district.", "110105"),
    "served_district": Parameter("The code of a district that the place served names.", "110105"),
    "served_district_now": Parameter(
        "The code of a district as it is today; the place served names it, or one that it took over.", "110101"
    ),
    "district_now": Parameter("The code of a district as it is today, with what it took over.", "110101"),
    "effective_on": Parameter(),
    "figure": Parameter("Which amount is filtered and ordered by.", "approved"),
    "fold_version": Parameter(example=5),
    "formula": Parameter("Number of the formula of a trial ranking.", 2),
    "from": Parameter(example="2010-03-01"),
    "from_effective_on": Parameter(),
    "generation": Parameter(example="1"),
    "group_by": Parameter("How to group; one sum without it."),
    "honour": Parameter("The code of an honour that the programme lists.", "advanced-organisation"),
    "idempotency-key": Parameter(example="5f0c9a52-apply-1"),
    "identifier": Parameter(example="CN-USCI:51110000500012345A"),
    "if-match": Parameter(example='"7"'),
    "kind": Parameter("Only entries of this kind."),
    "known_at": Parameter("As known then: a date, an instant, or a position.", "2010-06-30"),
    "lang": Parameter(example="zh"),
    "last-event-id": Parameter("The `id` of the last entry received; goes on behind it.", "402.0"),
    "limit": Parameter("At most this many.", 50),
    "marked": Parameter("Only projects of which this is so, whatever their status.", "late"),
    "min": Parameter(example=2),
    "min_days": Parameter(example=30),
    "on": Parameter(),
    "organisation": Parameter("The id of an organisation."),
    "organisation_id": Parameter("The id of the organisation."),
    "overdue": Parameter(),
    "path": Parameter(example="x001/234"),
    "person": Parameter("Tried by this person."),
    "position": Parameter(example="402"),
    "programme": Parameter("The code of the programme.", "beijing-2010"),
    "project": Parameter(),
    "project_id": Parameter("The id of the project."),
    "q": Parameter("Words to search for.", "送餐"),
    "report": Parameter(example=8),
    "role": Parameter("Only this role."),
    "schema": Parameter("The file name of a schema.", "release-schema.json"),
    "sha256": Parameter("The SHA-256 of the content, in hexadecimal."),
    "size": Parameter(example="403"),
    "sort": Parameter("How to sort."),
    "state": Parameter(),
    "status": Parameter("Only projects of this status."),
    "table": Parameter("The name of a table.", "projects"),
    "third_party": Parameter("Weight of the third-party evaluation in a trial ranking, in percent.", 30),
    "to": Parameter(example="2010-06-30"),
    "to_effective_on": Parameter(),
    "version": Parameter("The version of the event in the project's history.", 14),
    "wait": Parameter(),
    "webhook_id": Parameter("The id of the webhook."),
    "all_or_none": Parameter(),
    "document_number": Parameter(example="京民服发〔2010〕7号"),
}
