"""What the pages of signing in show."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import segno

from api.pages.reader import Day, Reader
from api.pages.sign_in_texts import SIGN_IN
from ledger.authors import ROLE
from ledger.clock import LEDGER_ZONE
from ledger.sign_in.logins import Hat
from ledger.sign_in.passkeys import ListedPasskey
from ledger.sign_in.sessions import Listed
from ledger.tokens import Token


@dataclass(frozen=True, slots=True)
class OneClickView:
    """An account of the demonstration that anybody at the machine may act in."""

    account: UUID
    role: str
    label: str


@dataclass(frozen=True, slots=True)
class SignInView:
    action: str
    error: str | None
    name: str
    next: str
    provider: str | None
    provider_action: str
    passkey_action: str | None
    passkey_options: str
    script: str
    one_click_action: str
    one_click: tuple[OneClickView, ...]


@dataclass(frozen=True, slots=True)
class CodeView:
    action: str
    token: str
    error: str | None
    next: str


@dataclass(frozen=True, slots=True)
class InvitationView:
    action: str
    lead: str
    error: str | None
    name: str
    code: str
    provider: str | None
    provider_action: str


@dataclass(frozen=True, slots=True)
class HatView:
    id: UUID
    role: str
    label: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class SessionView:
    id: UUID
    device: str
    created: Day
    used: Day
    is_this: bool


@dataclass(frozen=True, slots=True)
class TokenView:
    """`used`: None for one that nobody has used."""

    id: UUID
    label: str
    kind: str
    ends: Day
    used: Day | None


@dataclass(frozen=True, slots=True)
class PasskeyView:
    id: UUID
    label: str
    used: Day | None


@dataclass(frozen=True, slots=True)
class SettingUp:
    """`svg`: the QR code."""

    svg: str
    key: str


@dataclass(frozen=True, slots=True)
class AccountView:
    """`with_login`: the person signed in by a name of their own. `codes`: recovery codes, shown this once, and so is
    `fresh_token`. `acting`: the id of the account, which a client's program needs. `passkeys`: None where the site has
    no name that they could belong to."""

    base: str
    token: str
    error: str | None
    notice: str | None
    hats: tuple[HatView, ...]
    sessions: tuple[SessionView, ...]
    with_login: bool
    authenticator: bool
    authenticator_state: str
    setting_up: SettingUp | None
    codes: tuple[str, ...]
    acting: UUID
    tokens: tuple[TokenView, ...]
    fresh_token: str | None
    passkeys: tuple[PasskeyView, ...] | None
    script: str


def hats_view(reader: Reader, hats: Sequence[Hat], chosen: UUID) -> tuple[HatView, ...]:
    return tuple(HatView(hat.id, reader.say(ROLE[hat.account.role]), hat.label, hat.id == chosen) for hat in hats)


def sessions_view(reader: Reader, sessions: Sequence[Listed], this: UUID) -> tuple[SessionView, ...]:
    return tuple(
        SessionView(one.id, one.device, reader.instant(one.created_at), reader.instant(one.used_at), one.id == this)
        for one in sessions
    )


def tokens_view(reader: Reader, tokens: Sequence[Token]) -> tuple[TokenView, ...]:
    return tuple(
        TokenView(
            one.id,
            one.label or str(one.id)[:8],
            reader.say(SIGN_IN["token_client" if one.client else "token_reads" if one.reads else "token_all"]),
            reader.day(one.expires_at.astimezone(LEDGER_ZONE).date()),
            reader.instant(one.last_used_at) if one.last_used_at else None,
        )
        for one in tokens
    )


def passkeys_view(reader: Reader, passkeys: Sequence[ListedPasskey]) -> tuple[PasskeyView, ...]:
    return tuple(
        PasskeyView(one.id, one.label, reader.instant(one.last_used_at) if one.last_used_at else None)
        for one in passkeys
    )


def setting_up(address: str, key: str) -> SettingUp:
    return SettingUp(
        segno.make(address, error="m").svg_inline(scale=4, border=4, light="#ffffff", dark="#000000", omitsize=True),
        " ".join(key[start : start + 4] for start in range(0, len(key), 4)),
    )


def authenticator_state(reader: Reader, in_use: bool, codes_left: int) -> str:
    if not in_use:
        return reader.say(SIGN_IN["authenticator_off"])
    return reader.say(SIGN_IN["authenticator_on"], left=reader.number(codes_left))
