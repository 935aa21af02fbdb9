"""One package of an organisation's archive, made file by file into a temporary file."""

import tempfile
from dataclasses import dataclass, field
from datetime import datetime
from typing import IO, Any

from api.archive.contents import Contents, each_seen, with_redactions
from api.archive.dossier import PROJECTS_A_VOLUME, Binding, volume_of
from api.archive.files import Files
from api.archive.organisation_chapters import Listed, about_credit, about_organisation, list_of_projects
from api.archive.package import Package
from api.archive.project_chapters import ProjectPapers, about_project, status_of
from api.archive.proofs import Proofs, checkpoint_covering
from api.archive.readme import readme
from api.forms.typeset import Chapter
from api.pages.catalogue import Catalogue, Programmes
from api.pages.history_view import history_rows, named_events
from api.pages.reader import Reader, reader_of
from api.pages.sentences import Naming
from api.reading.history import with_corrections
from api.reading.organisation_view import OrganisationView, organisation_view
from api.reading.visible import Basis, HistoryEvent, VisibleHistory, founding_fact, project_seen
from api.routes.attachments import files_for
from api.routes.credit import CreditRecord, LineQuery, credit_record
from api.service import Service
from ledger.aggregates import ORGANISATION
from ledger.authors import ROLE
from ledger.core.fact import instant_text
from ledger.core.history import state

FORM = "minsheng-archive/1"


@dataclass(frozen=True, slots=True)
class Archive:
    """`file`: positioned at its start; the reader closes it. `name`: of the organisation."""

    file: IO[bytes]
    sha256: str
    name: str
    known: int


@dataclass
class _Shelf:
    """What is being put together. `listed`: the projects so far, in their order; `synthetic`: one is invented."""

    service: Service
    contents: Contents
    reader: Reader
    programmes: Programmes
    credit: CreditRecord
    package: Package
    files: Files
    proofs: Proofs
    listed: list[Listed] = field(default_factory=list)
    synthetic: bool = False


async def make_archive(service: Service, contents: Contents, reader: Reader, base: str) -> Archive:
    """`base`: the address that the code on the dossier leads to. Raises LogNotSigned, NotSignedYet,
    AttachmentOutOfReach."""
    # Deleted when its reader closes it, however the reading ends.
    file = tempfile.TemporaryFile()  # noqa: SIM115 - closed by its reader
    package = Package(file)
    try:
        name, digest = await _made(service, contents, reader, base, package)
    except BaseException:
        package.drop()
        raise
    return Archive(file, digest, name, contents.asked.known)


async def _made(service: Service, contents: Contents, reader: Reader, base: str, package: Package) -> tuple[str, str]:
    """The organisation's name, and the digest of the whole."""
    asked = contents.asked
    proofs = Proofs(service, package, await checkpoint_covering(service, contents.needed))
    catalogue = Catalogue(service)
    programmes, recorded_at = await catalogue.programmes(asked.known), await catalogue.recorded_at(asked.known)
    credit = await credit_record(service, asked.who, asked.organisation, asked.known, asked.on, LineQuery())
    files = Files(service, package)
    shelf = _Shelf(service, contents, reader, programmes, credit, package, files, proofs)
    view = await _add_organisation(shelf)
    checkpoint = proofs.add_log()
    volumes = volume_of(max(0, len(contents.projects) - 1))
    binding = Binding(reader, asked, view.name, recorded_at, checkpoint, base, volumes)
    first, rest = list[Chapter](), list[Chapter]()
    async for _, seen in each_seen(service, asked.who, contents.projects):
        number = volume_of(len(shelf.listed))
        (first if number == 1 else rest).append(await _add_project(shelf, seen, number))
        if len(rest) == PROJECTS_A_VOLUME:
            package.add(*await binding.volume(number, rest, shelf.synthetic))
            rest.clear()
    if rest:
        package.add(*await binding.volume(volumes, rest, shelf.synthetic))
    # Last, as it lists them all.
    front = [about_organisation(reader, view, programmes), about_credit(reader, credit.lines)]
    chapters = [*front, list_of_projects(reader, shelf.listed), *first]
    package.add(*await binding.volume(1, chapters, shelf.synthetic))
    files.close()
    return view.name, await service.bulk.run(package.close, _told(shelf, view.name, recorded_at, checkpoint))


async def _add_organisation(shelf: _Shelf) -> OrganisationView:
    """Its own papers and proofs."""
    contents, asked, package = shelf.contents, shelf.contents.asked, shelf.package
    found = state(ORGANISATION, asked.organisation, contents.own, asked.known, asked.on)
    view = organisation_view(found, sum(event.position <= asked.known for event in contents.own), asked.known, asked.on)
    package.add("README.txt", readme(view.name, asked, reader_of("zh").say(ROLE[asked.who.role])))
    package.add_json("credit.json", shelf.credit.model_dump(mode="json"))
    package.add_json("organisation/state.json", view.model_dump(mode="json"))
    history = [HistoryEvent.of(event, opened={}).model_dump(mode="json") for event in contents.within]
    package.add_json("organisation/history.json", history)
    await shelf.proofs.add(with_redactions(contents.visible, asked.known))
    return view


async def _add_project(shelf: _Shelf, seen: VisibleHistory, volume: int) -> Chapter:
    """Its papers, files and proofs, and its chapter."""
    asked, reader, package = shelf.contents.asked, shelf.reader, shelf.package
    found = project_seen(seen, asked.known, None)
    project = found.project
    within = [event for event in seen.visible if event.position <= asked.known]
    # Nothing sealed is opened: a package outlives the erasure of what it would say.
    shown = with_corrections([HistoryEvent.of(event, opened={}) for event in within], within)
    folder = f"projects/{project.id}"
    package.add_json(f"{folder}/state.json", found.answer.model_dump(mode="json"))
    package.add_json(f"{folder}/history.json", [one.model_dump(mode="json") for one in shown])
    await shelf.proofs.add(with_redactions(seen.visible, asked.known))
    first = founding_fact(within)
    programme = shelf.programmes.get(first.programme)
    naming = Naming(reader, programme.rules if programme else None, events=named_events(within))
    kept = project.grant or project.earlier
    title = project.form.title if project.form else kept.title if kept else str(project.id)
    papers = ProjectPapers(
        title=title,
        programme=reader.say(programme.name) if programme else first.programme,
        status=status_of(naming, found.status),
        project=project,
        course=list(history_rows(naming, shown, within, None)),
        credit=[line for line in shelf.credit.lines if line.project == project.id],
        files=await shelf.files.add(project.id, title, files_for(seen, asked.known)),
    )
    shelf.listed.append(Listed(project.id, title, papers.programme, papers.status, volume))
    shelf.synthetic = shelf.synthetic or (programme is not None and programme.synthetic)
    return about_project(naming, papers, asked.on)


def _told(shelf: _Shelf, name: str, recorded_at: datetime, checkpoint: dict[str, Any]) -> dict[str, Any]:
    """What the manifest says in addition to the files."""
    asked = shelf.contents.asked
    basis = Basis.of(asked.known, None, (), shelf.service.ledger.origins()).model_dump(
        mode="json", exclude={"effective_on", "redacted"}
    )
    return {
        "form": FORM,
        "organisation": str(asked.organisation),
        "name": name,
        "basis": basis | {"on": asked.on.isoformat(), "recorded_at": instant_text(recorded_at)},
        "checkpoint": checkpoint,
        # The role, and the body it acts for: no person.
        "made_for": {
            "role": asked.who.role.value,
            "body": str(asked.who.organisation) if asked.who.organisation else asked.who.district,
        },
        "events": sorted(shelf.proofs.told, key=lambda one: int(one["position"])),
    }
