"""Who is signed in on a page: the session behind the cookie."""

from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from urllib.parse import urlsplit

from fastapi import Depends, Request, Response

from api.pages.reader import Visitor, remember_visitor
from api.protocol.proxies import route_path
from api.refusal_notes import remember_who
from api.service import Service
from ledger.accounts import Account
from ledger.sign_in.provided import TURN_FOR
from ledger.sign_in.sessions import LONGEST, Session, find_session, form_token

# A browser takes the first name only from a secure page of this host, and for all of it.
OVER_HTTPS, OVER_HTTP = "__Host-minsheng", "minsheng"
TURN = "-turn"
LONGEST_SECRET = 100
# The first page of everybody with an account.
LANDING = "/work"


class SignInFirst(Exception):
    """Somebody has to sign in before this page is shown."""


@dataclass(frozen=True, slots=True, repr=False)
class Visit:
    """One request of a session. `token`: what its forms carry."""

    session: Session
    secret: str

    @property
    def account(self) -> Account:
        return self.session.account

    @property
    def token(self) -> str:
        return form_token(self.secret)


async def visit_of(request: Request) -> Visit | None:
    """Also one that still awaits its second factor."""
    secret = request.cookies.get(_cookie_name(request))
    if not secret or len(secret) > LONGEST_SECRET:
        return None
    service = service_in(request)
    async with service.pool.connection() as connection:
        session = await find_session(connection, secret, service.ledger.clock())
    if session is None:
        return None
    remember_who(request, session.account)
    visit = Visit(session, secret)
    if not session.awaits:
        remember_visitor(request, Visitor(session.account.role, session.label, visit.token))
    return visit


async def seen(request: Request) -> None:
    """For the header of a page that anybody may see: who is signed in, if anybody is."""
    await visit_of(request)


# Of the routers of such pages.
SEEN = [Depends(seen)]


async def signed_in(request: Request) -> Visit:
    """Raises SignInFirst."""
    visit = await visit_of(request)
    if visit is None or visit.session.awaits:
        raise SignInFirst()
    return visit


def set_cookie(request: Request, response: Response, secret: str) -> None:
    """Lives as long as the session at most; scripts cannot read it, other sites cannot send it with a form."""
    response.set_cookie(
        _cookie_name(request),
        secret,
        max_age=int(LONGEST.total_seconds()),
        secure=_is_https(request),
        httponly=True,
        samesite="lax",
    )


def clear_cookie(request: Request, response: Response) -> None:
    response.delete_cookie(_cookie_name(request), secure=_is_https(request), httponly=True, samesite="lax")


def turn_of(request: Request) -> str | None:
    """The secret of a browser that is on its way back from the identity provider."""
    return request.cookies.get(_cookie_name(request) + TURN)


def set_turn(request: Request, response: Response, cookie: str) -> None:
    seconds = int(TURN_FOR.total_seconds())
    name = _cookie_name(request) + TURN
    response.set_cookie(name, cookie, max_age=seconds, secure=_is_https(request), httponly=True, samesite="lax")


def clear_turn(request: Request, response: Response) -> None:
    name = _cookie_name(request) + TURN
    response.delete_cookie(name, secure=_is_https(request), httponly=True, samesite="lax")


def safe_next(given: str | None) -> str:
    """A page of this site to go on to, without the public prefix; what waits for all else."""
    if not given or not given.startswith("/") or given.startswith(("//", "/\\")) or not given.isprintable():
        return LANDING
    parts = urlsplit(given)
    if parts.scheme or parts.netloc or parts.path.startswith("/sign-"):
        return LANDING
    return given


def asked_page(request: Request) -> str:
    query = request.url.query
    return route_path(request.scope) + (f"?{query}" if query else "")


def has_name(request: Request) -> bool:
    """Whether the site has a name: a passkey does not belong to an address in numbers (WebAuthn, section 5.1.2)."""
    try:
        ip_address(request.url.hostname or "")
    except ValueError:
        return True
    return False


def service_in(request: Request) -> Service:
    service: Service = request.app.state.service
    return service


def now_of(request: Request) -> datetime:
    return service_in(request).ledger.clock()


def _cookie_name(request: Request) -> str:
    return OVER_HTTPS if _is_https(request) else OVER_HTTP


def _is_https(request: Request) -> bool:
    return request.url.scheme == "https"
