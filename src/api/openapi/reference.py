"""The API reference as a page, without a content network."""

import re
from base64 import b64encode
from hashlib import sha256
from importlib.resources import files

from fastapi import FastAPI, Request
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import HTMLResponse
from fastapi.staticfiles import StaticFiles

from api.pages.frame import ICON

FILES = "/static-offline-docs"
_SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)


def mount(app: FastAPI) -> None:
    app.mount(FILES, StaticFiles(directory=str(files("fastapi_offline") / "static")), name="reference")
    app.get("/docs", include_in_schema=False)(show_reference)


async def show_reference(request: Request) -> HTMLResponse:
    base = request.scope.get("root_path", "")
    page = get_swagger_ui_html(
        openapi_url=f"{base}{request.app.openapi_url}",
        title=f"{request.app.title} · API",
        swagger_js_url=f"{base}{FILES}/swagger-ui-bundle.js",
        swagger_css_url=f"{base}{FILES}/swagger-ui.css",
        swagger_favicon_url=f"{base}{ICON}",
    )
    page.headers["Content-Security-Policy"] = _policy(bytes(page.body).decode())
    return page


def _policy(page: str) -> str:
    """The script in the page runs by its digest; the reference styles its parts one by one and draws with data:."""
    digests = (b64encode(sha256(found.encode()).digest()).decode() for found in _SCRIPT.findall(page))
    scripts = " ".join(f"'sha256-{digest}'" for digest in digests)
    return (
        f"default-src 'none'; script-src 'self' {scripts}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
        "connect-src 'self'; font-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    )
