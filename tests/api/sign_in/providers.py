"""Identity providers: one of other people in a process of its own, and one of ours that can be made to lie."""

import hmac
import json
import subprocess
import sys
import time
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote
from urllib.request import urlopen

from joserfc import jwt
from joserfc.jwk import RSAKey
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from tests.support import free_port

CLIENT, SECRET = "minsheng", "a secret: of the client"
# Of other people, so that its own warnings are its own affair.
MOCK = """
import sys, oidc_provider_mock
oidc_provider_mock.app().run(port=int(sys.argv[1]), use_reloader=False)
"""


@contextmanager
def mock_provider() -> Iterator[str]:
    """Its issuer: a provider that knows everybody."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-c", MOCK, str(port)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        issuer = f"http://localhost:{port}"
        try:
            for _ in range(600):
                try:
                    with urlopen(f"{issuer}/.well-known/openid-configuration", timeout=5):
                        break
                except OSError:
                    time.sleep(0.1)
            yield issuer
        finally:
            process.kill()


@dataclass
class LyingProvider:
    """Honest unless told otherwise. `claims` replace those of the token (None leaves one out); `described` what the
    provider says of itself."""

    issuer: str = ""
    claims: dict[str, Any] = field(default_factory=dict)
    described: dict[str, Any] = field(default_factory=dict)
    algorithm: str = "RS256"
    signs_with: Any = None
    status: int = 200
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.published: list[Any] = []
        self.rotate()

    def rotate(self) -> None:
        """Another key from now on; the former one is no longer published."""
        self.key = RSAKey.generate_key(2048, {"kid": f"key-{time.monotonic_ns()}"})
        self.published = [self.key]

    def login(self, address: str, subject: str) -> dict[str, str]:
        """What a browser that was sent to the address brings back."""
        asked = dict(parse_qsl(address.partition("?")[2]))
        code = f"code-{len(self.codes)}"
        self.codes[code] = asked | {"sub": subject}
        return {"code": code, "state": asked["state"], "iss": self.issuer}

    def app(self) -> Starlette:
        return Starlette(
            routes=[
                Route("/.well-known/openid-configuration", self._describe),
                Route("/keys", self._keys),
                Route("/token", self._token, methods=["POST"]),
            ]
        )

    async def _describe(self, request: Request) -> Response:
        said = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
            "id_token_signing_alg_values_supported": ["RS256", "none"],
        }
        return JSONResponse(said | self.described, self.status)

    async def _keys(self, request: Request) -> Response:
        return JSONResponse({"keys": [key.as_dict(private=False) for key in self.published]})

    async def _token(self, request: Request) -> Response:
        fields = dict(parse_qsl((await request.body()).decode()))
        self.asked.append(fields | {"authorization": request.headers.get("authorization", "")})
        known = self.codes.pop(fields.get("code", ""), None)
        digest = sha256(fields.get("code_verifier", "").encode()).digest()
        challenge = _encoded(digest)
        if known is None or known["code_challenge"] != challenge or known["redirect_uri"] != fields["redirect_uri"]:
            return JSONResponse({"error": "invalid_grant"}, 400)
        now = int(time.time())
        claims = {
            "iss": self.issuer,
            "sub": known["sub"],
            "aud": CLIENT,
            "exp": now + 300,
            "iat": now,
            "nonce": known["nonce"],
        } | self.claims
        said = {name: value for name, value in claims.items() if value is not None}
        return JSONResponse({"id_token": self._signed(said), "token_type": "Bearer", "access_token": "x"})

    def _signed(self, claims: dict[str, Any]) -> str:
        header = {"alg": self.algorithm, "kid": self.key.kid}
        if self.algorithm == "RS256":
            return jwt.encode(header, claims, self.signs_with or self.key)
        # By hand, since no library lends itself to it: unsigned, or with the public key as a shared secret.
        signed = ".".join(_encoded(json.dumps(part).encode()) for part in (header, claims))
        shared = hmac.digest(self.key.as_pem(private=False), signed.encode(), "sha256")
        return f"{signed}.{_encoded(shared) if self.algorithm == 'HS256' else ''}"


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def basic(header: str) -> tuple[str, str]:
    """The client's name and secret, as RFC 6749, section 2.3.1 sends them."""
    name, _, secret = b64decode(header.removeprefix("Basic ")).decode().partition(":")
    return unquote(name), unquote(secret)
