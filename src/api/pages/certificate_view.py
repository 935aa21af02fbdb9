"""What the page of a certificate shows, ready for its template."""

from dataclasses import dataclass

from api.pages.code_texts import STANDING
from api.pages.frame import Link
from api.pages.reader import Reader
from api.pages.texts import PAGE
from api.reading.certificate import Certificate
from ledger.authors import ROLE


@dataclass(frozen=True, slots=True)
class CertificateView:
    """`warning` says clearly that the honour counts no more; it is empty while it does."""

    title: str
    standing: str
    standing_text: str
    warning: str
    recipient: str
    of_organisation: str
    sentence: str
    entries: tuple[tuple[str, str], ...]
    code: str
    leaf_hash: str
    position: str
    history: Link
    as_of: str


def certificate_view(reader: Reader, shown: Certificate) -> CertificateView:
    project = f"/projects/{shown.project}"
    is_person = shown.recipient == "person"
    name = shown.name or reader.say(PAGE["name_closed"])
    return CertificateView(
        title=reader.say(shown.honour_name),
        standing=shown.standing,
        standing_text=reader.say(STANDING[shown.standing]),
        warning=_warning(reader, shown),
        recipient=name,
        of_organisation=shown.organisation_name if is_person else "",
        sentence=reader.say(
            PAGE["certificate_sentence"],
            recipient=name,
            programme=reader.say(shown.programme_name),
            honour=reader.say(shown.honour_name),
        ),
        entries=(
            (reader.say(PAGE["certificate_deed"]), shown.deed),
            (reader.say(PAGE["certificate_project"]), shown.project_title),
            (reader.say(PAGE["certificate_by"]), reader.say(ROLE[shown.decided_by])),
            (reader.say(PAGE["document_number"]), shown.document_number),
            (reader.say(PAGE["awarded_on"]), reader.day(shown.awarded_on).text),
        ),
        code=shown.code,
        leaf_hash=shown.leaf_hash,
        position=reader.number(shown.position),
        history=Link(reader.say(PAGE["certificate_history"]), f"{reader.link(project)}#v{shown.version}"),
        as_of=reader.say(PAGE["certificate_as_of"], position=reader.number(shown.known)),
    )


def _warning(reader: Reader, shown: Certificate) -> str:
    found = shown.withdrawal
    if found is None:
        return ""
    day = reader.day(found.on).text
    if found.document_number is None:
        return reader.say(PAGE["certificate_void_because"], day=day, reason=found.reason)
    return reader.say(PAGE["certificate_revoked_because"], day=day, document=found.document_number, reason=found.reason)


def machine_links(reader: Reader, shown: Certificate) -> tuple[Link, ...]:
    base = f"/v1/projects/{shown.project}"
    return (
        Link(
            reader.say(PAGE["print_certificate"]),
            reader.file(f"{base}/forms/certificate.pdf", award=shown.version),
        ),
        Link(reader.say(PAGE["json_certificate"]), reader.at(f"{base}/certificates/{shown.version}")),
        Link(reader.say(PAGE["json_history"]), reader.at(f"{base}/history")),
    )
