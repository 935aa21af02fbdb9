"""Files that belong to a project, and those that everybody may read (N6, N12)."""

from collections.abc import Sequence

from ledger.attachments import citations
from ledger.errors import AttachmentNotCited, StepOutOfOrder
from ledger.events import Attached, Attachment, Disclosed
from ledger.project.state import Project, Status

# Nothing more comes to these; a refused project may still ask for review, with its papers.
ENDED = (Status.UNKNOWN, Status.WITHDRAWN, Status.CLOSED, Status.GRANTED)


def attach(project: Project, subject: str, files: Sequence[Attachment]) -> Attached:
    if project.status in ENDED:
        raise StepOutOfOrder(status=project.status, command="attach")
    return Attached(subject=subject, files=tuple(files))


def disclose(project: Project, subject: str, files: Sequence[Attachment]) -> Disclosed:
    """Files of the project; a scan of a paper form only once it was attached, for it shows hands and seals."""
    if project.status in ENDED:
        raise StepOutOfOrder(status=project.status, command="disclose")
    known = disclosable(project)
    for file in files:
        if file.sha256 not in known:
            raise AttachmentNotCited(name=file.name, sha256=file.sha256)
    return Disclosed(subject=subject, files=tuple(files))


def disclosable(project: Project) -> set[str]:
    """The digests of what was attached, or cited by reports, answers to orders and contracts."""
    citing = (
        *(report.fact for report in project.reports),
        *(answer.fact for order in project.orders for answer in order.answers),
        *(amended.fact for amended in project.amendments),
        *((project.contract,) if project.contract else ()),
        *((project.purchase_contract.fact,) if project.purchase_contract else ()),
    )
    cited = {document.sha256 for fact in citing for document in citations(fact)}
    return cited | {file.sha256 for file in project.attached}
