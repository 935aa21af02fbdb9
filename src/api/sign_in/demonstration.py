"""Signing in with one click, which the demonstration offers to those who sit at the machine."""

from dataclasses import dataclass
from ipaddress import ip_address
from uuid import UUID

from fastapi import Request

from ledger.core.fact import Role


@dataclass(frozen=True, slots=True)
class OneClick:
    account: UUID
    role: Role
    label: str


@dataclass(frozen=True, slots=True)
class OneClicks:
    """`public`: for everybody who reaches the service, which an operator has to ask for."""

    accounts: tuple[OneClick, ...] = ()
    public: bool = False


NONE = OneClicks()


def one_click_for(request: Request) -> tuple[OneClick, ...]:
    offered: OneClicks = request.app.state.one_clicks
    return offered.accounts if offered.public or _is_here(request) else ()


def _is_here(request: Request) -> bool:
    try:
        return request.client is not None and ip_address(request.client.host).is_loopback
    except ValueError:
        return False
