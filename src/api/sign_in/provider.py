"""An identity provider by OpenID Connect: the authorization code flow with PKCE, and ID tokens that are checked."""

import asyncio
import time
from base64 import urlsafe_b64encode
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from secrets import token_urlsafe
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

import httpx2
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, KeySetSerialization
from pydantic import BaseModel, ConfigDict, SecretStr, ValidationError

from ledger.operator_problem import OperatorProblem
from ledger.refusals.sign_in import ProviderFailed

# OpenID Connect Core 1.0, section 5.1.
NAME_CLAIM = "name"
SECONDS, LONGEST_ANSWER = 10.0, 1_000_000
REMEMBERED_SECONDS, LEEWAY = 3600.0, 60
# A token by a key that we do not know may be by a fresh one, but nobody makes us ask again and again.
KEYS_AGAIN_SECONDS = 60.0
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
USUAL_METHODS = ("client_secret_basic",)


class ProviderSettingsWrong(OperatorProblem):
    """MINSHENG_OIDC_ISSUER cannot be used."""


class Metadata(BaseModel):
    """What we need of OpenID Connect Discovery 1.0, section 3."""

    model_config = ConfigDict(frozen=True)

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    id_token_signing_alg_values_supported: tuple[str, ...] = ("RS256",)
    token_endpoint_auth_methods_supported: tuple[str, ...] = USUAL_METHODS
    authorization_response_iss_parameter_supported: bool = False


@dataclass(frozen=True, slots=True)
class ProviderSettings:
    """`claim`: which claim of an ID token tells one person from another. `name`: what the button says.
    `identity_claim`: which one holds an identity number that the provider verified; None where none does."""

    issuer: str
    client_id: str
    client_secret: SecretStr | None
    claim: str
    name: str
    identity_claim: str | None = None

    @classmethod
    def of(
        cls,
        issuer: str,
        client_id: str,
        client_secret: SecretStr | None,
        claim: str,
        name: str,
        identity_claim: str | None = None,
    ) -> "ProviderSettings":
        """Raises ProviderSettingsWrong."""
        if not _is_safe(issuer) or not client_id:
            raise ProviderSettingsWrong(
                "MINSHENG_OIDC_ISSUER must be an https:// address, and MINSHENG_OIDC_CLIENT_ID given"
            )
        return cls(issuer, client_id, client_secret, claim, name, identity_claim)

    def person(self, value: str) -> str:
        """Whom the claim stands for: two issuers may use the same values."""
        return f"{self.issuer}\0{value}"


@dataclass(frozen=True, slots=True, repr=False)
class Turn:
    """What one browser was sent away with, to be held against what it brings back."""

    state: str
    nonce: str
    verifier: str

    @classmethod
    def begin(cls) -> "Turn":
        return cls(token_urlsafe(24), token_urlsafe(24), token_urlsafe(48))

    @property
    def challenge(self) -> str:
        """RFC 7636, section 4.2: S256."""
        return urlsafe_b64encode(sha256(self.verifier.encode()).digest()).decode().rstrip("=")


@dataclass
class Provider:
    """Remembers what the provider says of itself and its keys, for an hour."""

    settings: ProviderSettings
    http: httpx2.AsyncClient
    _metadata: tuple[float, Metadata] | None = None
    _keys: tuple[float, KeySet] | None = None
    _lock: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def address(self, turn: Turn, redirect: str) -> str:
        """Where the browser is sent. Raises ProviderFailed."""
        metadata = await self._described()
        asked = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": redirect,
            "scope": "openid",
            "state": turn.state,
            "nonce": turn.nonce,
            "code_challenge": turn.challenge,
            "code_challenge_method": "S256",
        }
        mark = "&" if "?" in metadata.authorization_endpoint else "?"
        return f"{metadata.authorization_endpoint}{mark}{urlencode(asked)}"

    async def person(self, turn: Turn, redirect: str, came: dict[str, str], now: datetime) -> str:
        """Who came back, as the settings name people. Raises what `_claims` does."""
        value = (await self._claims(turn, redirect, came, now)).get(self.settings.claim)
        if not isinstance(value, str) or not value:
            raise ProviderFailed()
        return self.settings.person(value)

    async def identity(self, turn: Turn, redirect: str, came: dict[str, str], now: datetime) -> tuple[str, str]:
        """The name and the identity number of who came back. Raises what `_claims` does."""
        claims = await self._claims(turn, redirect, came, now)
        name, number = claims.get(NAME_CLAIM), claims.get(self.settings.identity_claim or "")
        if not isinstance(name, str) or not isinstance(number, str) or not name or not number:
            raise ProviderFailed()
        return name, number

    async def _claims(self, turn: Turn, redirect: str, came: dict[str, str], now: datetime) -> dict[str, Any]:
        """Of the ID token that the code is exchanged for. `came`: the parameters of the address.
        Raises ProviderFailed; nothing of what the provider says is repeated."""
        metadata = await self._described()
        # RFC 9207: a code of another provider is not taken to this one.
        if came.get("iss", metadata.issuer) != metadata.issuer:
            raise ProviderFailed()
        if metadata.authorization_response_iss_parameter_supported and "iss" not in came:
            raise ProviderFailed()
        if came.get("state") != turn.state or "code" not in came:
            raise ProviderFailed()
        asked = {
            "grant_type": "authorization_code",
            "code": came["code"],
            "redirect_uri": redirect,
            "client_id": self.settings.client_id,
            "code_verifier": turn.verifier,
        }
        basic: httpx2.BasicAuth | None = None
        if secret := self.settings.client_secret:
            if "client_secret_basic" in metadata.token_endpoint_auth_methods_supported:
                basic = httpx2.BasicAuth(self.settings.client_id, secret.get_secret_value())
            else:
                asked["client_secret"] = secret.get_secret_value()
        answered = await self._ask("POST", metadata.token_endpoint, data=asked, auth=basic)
        token = answered.get("id_token")
        if not isinstance(token, str):
            raise ProviderFailed()
        return await self._checked(metadata, token, turn.nonce, now)

    async def _checked(self, metadata: Metadata, token: str, nonce: str, now: datetime) -> dict[str, Any]:
        """OpenID Connect Core 1.0, section 3.1.3.7."""
        algorithms = [one for one in ALGORITHMS if one in metadata.id_token_signing_alg_values_supported]
        registry = jwt.JWTClaimsRegistry(
            now=int(now.timestamp()),
            leeway=LEEWAY,
            iss={"essential": True, "value": metadata.issuer},
            sub={"essential": True},
            aud={"essential": True, "value": self.settings.client_id},
            exp={"essential": True},
            iat={"essential": True},
            nonce={"essential": True, "value": nonce},
        )
        for again in (False, True):
            try:
                decoded = jwt.decode(token, await self._signing_keys(metadata, again), algorithms=algorithms)
            except (JoseError, ValueError) as error:
                if again:
                    raise ProviderFailed() from error
                continue
            try:
                registry.validate(decoded.claims)
            except JoseError as error:
                raise ProviderFailed() from error
            authorized = decoded.claims.get("azp", self.settings.client_id)
            audience = decoded.claims["aud"]
            is_ours = isinstance(audience, str) or len(audience) == 1 or "azp" in decoded.claims
            if authorized != self.settings.client_id or not is_ours:
                raise ProviderFailed()
            return decoded.claims
        raise ProviderFailed()

    async def _described(self) -> Metadata:
        async with self._lock:
            if self._metadata and self._metadata[0] > time.monotonic():
                return self._metadata[1]
            issuer = self.settings.issuer.rstrip("/")
            try:
                metadata = Metadata.model_validate(await self._ask("GET", f"{issuer}/.well-known/openid-configuration"))
            except ValidationError as error:
                raise ProviderFailed() from error
            addresses = (metadata.authorization_endpoint, metadata.token_endpoint, metadata.jwks_uri)
            if metadata.issuer != self.settings.issuer or not all(map(_is_safe, addresses)):
                raise ProviderFailed()
            self._metadata = (time.monotonic() + REMEMBERED_SECONDS, metadata)
            return metadata

    async def _signing_keys(self, metadata: Metadata, again: bool) -> KeySet:
        async with self._lock:
            now = time.monotonic()
            if self._keys:
                age = now - self._keys[0]
                if age < (KEYS_AGAIN_SECONDS if again else REMEMBERED_SECONDS):
                    return self._keys[1]
            try:
                keys = KeySet.import_key_set(cast(KeySetSerialization, await self._ask("GET", metadata.jwks_uri)))
            except (JoseError, ValueError, KeyError, TypeError) as error:
                raise ProviderFailed() from error
            self._keys = (now, keys)
            return keys

    async def _ask(self, method: str, address: str, **more: Any) -> dict[str, Any]:
        try:
            async with self.http.stream(method, address, follow_redirects=False, **more) as answer:
                body = b""
                async for piece in answer.aiter_bytes():
                    body += piece
                    if len(body) > LONGEST_ANSWER:
                        raise ProviderFailed()
            if answer.status_code != 200:
                raise ProviderFailed()
            found = httpx2.Response(200, content=body).json()
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise ProviderFailed() from error
        if not isinstance(found, dict):
            raise ProviderFailed()
        return found


def asking() -> httpx2.AsyncClient:
    """What asks the provider; a proxy that is set in the environment is not used."""
    return httpx2.AsyncClient(timeout=SECONDS, trust_env=False)


def _is_safe(address: str) -> bool:
    """Over TLS, or to this machine, for trying things out."""
    try:
        parts = urlsplit(address)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1"))
        )
    except ValueError:
        return False
