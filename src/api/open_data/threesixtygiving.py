"""360Giving 1.4: grants that were imported, as they were published, and projects that public money was awarded to.

A government purchase is a contract for a service and no grant; it is in OCDS.
"""

from collections.abc import AsyncIterator, Sequence
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import StreamingResponse

from api.door import ServiceDep
from api.files.bulk import BulkRoute
from api.open_data.numbers import exact_json
from api.open_data.ocds_compiled import filled, org_id
from api.open_data.public import AsOf, Directory, PublicProject, PublicProjects, as_of
from api.open_data.publisher import Publisher
from api.problems import PROBLEM_RESPONSES
from api.reading.times import KnownAt
from ledger.core.fact import instant_text
from ledger.project.grant import GrantImported
from ledger.project.payments import PaidUnder
from ledger.values import FundingSource

router = APIRouter(responses=PROBLEM_RESPONSES, route_class=BulkRoute)
JSON: dict[int | str, dict[str, Any]] = {200: {"content": {"application/json": {}}}}


@router.get("/360giving.json", response_class=StreamingResponse, responses=JSON)
async def grants(service: ServiceDep, request: Request, known_at: KnownAt = None) -> StreamingResponse:
    """Every public grant as known then, in one stream: imported ones, and projects with public money approved or
    contracted. The position is in `identifier` and in the header `Ledger-Position`."""
    cut = await as_of(service, known_at)
    projects = PublicProjects(service, cut.known)
    head = {
        "version": "1.4",
        "title": "民生账本 Minsheng Ledger",
        "description": f"Public grants as known at position {cut.known}.",
        "issued": cut.published,
        "identifier": f"{request.base_url}360giving.json?known_at={cut.known}",
        "publisher": {"name": service.publisher.name},
    }

    async def parts() -> AsyncIterator[str]:
        yield exact_json(head)[:-1] + ',"grants":['
        first = True
        async for batch in projects.batches():
            if texts := await service.bulk.run(_texts, batch, projects.directory, service.publisher, cut):
                yield ("" if first else ",") + ",".join(texts)
                first = False
        yield "]}"

    return StreamingResponse(parts(), media_type="application/json", headers=cut.headers(str(request.base_url)))


def _texts(batch: Sequence[PublicProject], directory: Directory, publisher: Publisher, cut: AsOf) -> list[str]:
    return [exact_json(grant) for one in batch if (grant := grant_of(one, directory, publisher, cut))]


def grant_of(public: PublicProject, directory: Directory, publisher: Publisher, cut: AsOf) -> dict[str, Any] | None:
    """None for a project that no public money was awarded to."""
    if public.project.grant:
        return _imported(public.project.grant)
    return _awarded(public, directory, publisher, cut)


def _imported(grant: GrantImported) -> dict[str, Any]:
    """What the standard requires and the funder left out is said with what there is: the title as description, the
    grant's id for a recipient without one."""
    recipient = org_id(grant.recipient) if grant.recipient else f"{grant.grant}-recipient"
    planned = grant.planned
    return filled(
        id=grant.grant,
        title=grant.title,
        description=grant.description or grant.title,
        currency=grant.amount.currency,
        amountAwarded=grant.amount.amount,
        awardDate=grant.awarded_on.isoformat(),
        plannedDates=[{"startDate": planned.start.isoformat(), "endDate": planned.end.isoformat()}] if planned else [],
        recipientOrganization=[{"id": recipient, "name": grant.recipient_name}],
        fundingOrganization=[{"id": org_id(grant.funder), "name": grant.funder_name}],
        grantProgramme=[{"title": grant.grant_programme}] if grant.grant_programme else [],
    )


def _awarded(public: PublicProject, directory: Directory, publisher: Publisher, cut: AsOf) -> dict[str, Any] | None:
    project = public.project
    holder, form, terms, applied = project.holder, project.form, project.terms, project.applied
    awarded = (terms and terms.amount) or (project.approved and project.approved.fact.amount)
    rules = directory.rules.get(applied.programme) if applied else None
    if not (awarded and holder and form and applied and rules and project.approved and cut.at):
        return None
    known = directory.identifiers(holder.organisation, cut.known, cut.at)
    organisation = org_id(known[0]) if known else f"{publisher.grant_prefix}-org:{holder.organisation}"
    asked = sum((one.money.amount for one in form.budget if one.source is FundingSource.REQUESTED), Decimal(0))
    paid = sum((one.fact.amount.amount for one in project.disbursed if one.fact.under is PaidUnder.SUPPORT), Decimal(0))
    return filled(
        id=f"{publisher.grant_prefix}-{public.id}",
        title=form.title,
        description=form.content,
        currency=awarded.currency,
        amountAppliedFor=asked or None,
        amountAwarded=awarded.amount,
        amountDisbursed=paid or None,
        awardDate=project.approved.on.isoformat(),
        plannedDates=[{"startDate": form.schedule.start.isoformat(), "endDate": form.schedule.end.isoformat()}],
        recipientOrganization=[{"id": organisation, "name": holder.organisation_name}],
        fundingOrganization=[
            {"id": f"{publisher.grant_prefix}-org:{applied.programme}-authority", "name": rules.authority.zh}
        ],
        grantProgramme=[{"code": applied.programme, "title": rules.name.zh}],
        dateModified=instant_text(public.events[-1].recorded_at),
    )
