"""Scans of paper forms (N6)."""

from io import BytesIO

import segno

from api.demo.play import Play
from ledger.accounts import Account
from ledger.values import Document


async def scan(play: Play, official: Account, what: str) -> Document:
    """A picture that says that it is none of a real form."""
    picture = BytesIO()
    segno.make(f"演示扫描件（虚构）：{what}").save(picture, kind="png", scale=4)
    stored = await play.files.put(picture.getvalue(), "image/png", official.id)
    return Document(name="申报表扫描件（演示）.png", sha256=stored.sha256)
