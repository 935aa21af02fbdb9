"""Pictures as cameras and programs write them."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image
from PIL.PngImagePlugin import PngInfo
from tests.api.client import Caller, Town

CAPTION = "示例：食堂里的长桌"
SAID = {"caption": CAPTION, "description": "示例：一张铺好的长桌，桌边没有人。", "nobody_recognisable": True}
CAMERA = "SampleCam 2010"


def picture(kind: str = "JPEG", size: tuple[int, int] = (64, 48), **saved: Any) -> bytes:
    """The picture alone."""
    written = BytesIO()
    Image.effect_mandelbrot(size, (-2, -1.5, 1, 1.5), 20).convert("RGB").save(written, kind, **saved)
    return written.getvalue()


def exif(orientation: int = 1) -> Image.Exif:
    """What a telephone writes: its name, when, and where."""
    found = Image.Exif()
    found[0x010F], found[0x0112], found[0x0132] = CAMERA, orientation, "2010:05:06 12:00:00"
    found.get_ifd(0x8825).update({1: "N", 2: (39.0, 54.0, 20.0), 3: "E", 4: (116.0, 23.0, 29.0)})
    return found


def with_words(kind: str) -> bytes:
    """A picture with a comment of its author."""
    if kind == "PNG":
        words = PngInfo()
        words.add_text("Author", CAMERA)
        return picture("PNG", pnginfo=words)
    return picture(kind, comment=CAMERA) if kind == "JPEG" else picture(kind, xmp=CAMERA.encode())


def bomb(side: int = 30_000) -> bytes:
    """A PNG of a few hundred kilobytes that unpacks to nearly a gigabyte."""
    header = struct.pack(">IIBBBBB", side, side, 8, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = bytes(side + 1)
    rows = b"".join(packer.compress(row) for _ in range(side)) + packer.flush()
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*one) for one in ((b"IHDR", header), (b"IDAT", rows), (b"IEND", b"")))


def _chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


async def uploaded(caller: Caller, content: bytes = b"", kind: str = "jpeg", **query: Any) -> Any:
    headers = caller._headers("en") | {"Content-Type": f"image/{kind}"}
    return await caller.http.post("/v1/photographs", content=content or picture(), params=query, headers=headers)


async def photographed(town: Town, project: str, **changes: Any) -> str:
    """The address of a photograph of the project."""
    answer = await uploaded(town.local, picture(size=(80, 60)))
    assert answer.status_code == 201, answer.text
    body = SAID | {"photograph": answer.json()["photograph"]} | changes
    receipt = await town.local.done(f"{project}/photographs", body)
    return f"{project}/photographs/{receipt['version']}"
