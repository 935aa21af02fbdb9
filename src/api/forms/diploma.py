"""The certificate of an honour 荣誉证书, to be printed and framed (N20, N21)."""

from typing import Any

from api.forms.typeset import Diploma
from api.forms.words import FORM
from api.pages.reader import Reader
from api.reading.certificate import Certificate
from ledger.authors import ROLE


def diploma(reader: Reader, shown: Certificate, base: str) -> Diploma:
    """`base` is the address that the link begins with. A withdrawn honour says so across the page."""

    def say(key: str, **values: Any) -> str:
        return reader.say(FORM[key], **values)

    name = shown.name or say("name_erased")
    programme, withdrawal = reader.say(shown.programme_name), shown.withdrawal
    mark = say("withdrawn_mark") if withdrawal else say("synthetic") if shown.synthetic else None
    withdrawn = (
        say(shown.standing, day=reader.day(withdrawal.on).text, reason=withdrawal.reason) if withdrawal else None
    )
    return Diploma(
        language=reader.language,
        title=say("certificate"),
        programme=programme,
        name=say("of_organisation", name=name, organisation=shown.organisation_name)
        if shown.recipient == "person"
        else name,
        sentence=say(
            "honoured",
            programme=programme,
            by=reader.say(ROLE[shown.decided_by]),
            honour=reader.say(shown.honour_name),
        ),
        deed=say("for_deed", project=shown.project_title, deed=shown.deed),
        authority=reader.say(shown.authority),
        document=shown.document_number,
        day=reader.day(shown.awarded_on).text,
        seal=say("seal"),
        check=say("check_code"),
        code=shown.code,
        link=f"{base}/certificates/{shown.project}/{shown.version}",
        mark=mark,
        withdrawn=withdrawn,
    )
