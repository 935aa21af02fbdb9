"""What the routes of pages read from a request."""

from uuid import UUID

from fastapi import Request

from api.pages.catalogue import Catalogue
from api.reading.times import CivilDay, KnownAt
from api.service import Service
from ledger.core.refusal import Refusal
from ledger.refusals.general import ProjectUnknown
from ledger.values import Frozen


class Clocks(Frozen):
    """The two dates of a page."""

    known_at: KnownAt = None
    effective_on: CivilDay = None


def id_of(text: str, unknown: Refusal) -> UUID:
    """Raises `unknown` for what is no id."""
    try:
        return UUID(text)
    except ValueError as error:
        raise unknown from error


def project_id_of(text: str) -> UUID:
    """Raises ProjectUnknown."""
    return id_of(text, ProjectUnknown(project=text))


def service_of(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def catalogue_of(request: Request) -> Catalogue:
    catalogue: Catalogue = request.app.state.catalogue
    return catalogue
