"""What the process that draws photographs does: bounds itself, draws the picture from its input again, ends.

It answers a line of JSON and, behind it, the picture.
"""

import json
import sys
from io import BytesIO

from PIL import Image, ImageOps, UnidentifiedImageError

from api.files.bounds import bound_process

MEMORY = 1024 * 1024 * 1024
CPU_SECONDS = 10
MOST_PIXELS = 50_000_000
# The longer side: enough for a page, and what takes a moment to draw.
LARGEST_SIDE = 2560
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
# What belongs to the picture: that it is one, and which colours its numbers mean.
_OF_THE_PICTURE = (b"JFIF", b"JFXX", b"Adobe", b"ICC_PROFILE")
_GPS = 0x8825


def draw(content: bytes, format_name: str) -> tuple[list[str], bytes]:
    """What else the file held, and the picture alone. Raises what Pillow raises, and DecompressionBombError."""
    # Of what Pillow opens as JPEG, some is another format, such as several pictures in one file; the first is drawn.
    with Image.open(BytesIO(content), formats=[format_name]) as opened:
        if opened.width * opened.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        # PNG has its words behind the picture, too.
        opened.draft(None, (LARGEST_SIDE, LARGEST_SIDE))
        opened.load()
        found = found_in(opened)
        picture = ImageOps.exif_transpose(opened)
        has_alpha = format_name != "JPEG" and ("A" in picture.getbands() or "transparency" in picture.info)
        mode = "RGBA" if has_alpha else "L" if picture.mode in ("L", "1") else "RGB"
        picture = picture.convert(mode)
    picture.thumbnail((LARGEST_SIDE, LARGEST_SIDE))
    # Whatever a format would write of it.
    picture.info = {}
    drawn = BytesIO()
    picture.save(drawn, format_name, **({} if format_name == "PNG" else {"quality": 90}))
    return found, drawn.getvalue()


def found_in(picture: Image.Image) -> list[str]:
    """The names of what a file holds apart from its picture."""
    info = picture.info
    exif = picture.getexif()
    found = {
        "EXIF": bool(exif) or "exif" in info,
        "GPS": bool(exif.get_ifd(_GPS)),
        "XMP": "xmp" in info or any("xmp" in str(key).lower() for key in info),
        "IPTC": "photoshop" in info,
        "comment": "comment" in info or bool(getattr(picture, "text", {})),
        "other": _has_other(picture),
    }
    return [name for name, is_there in found.items() if is_there]


def _has_other(picture: Image.Image) -> bool:
    segments: list[tuple[str, bytes]] = getattr(picture, "applist", [])
    known = (*_OF_THE_PICTURE, b"Exif\0", b"http://ns.adobe.com/xap/1.0/", b"Photoshop 3.0")
    return any(name != "COM" and not data.startswith(known) for name, data in segments)


def main() -> None:
    bound_process(MEMORY, CPU_SECONDS)
    Image.MAX_IMAGE_PIXELS = None
    answer: dict[str, object]
    drawn = b""
    try:
        found, drawn = draw(sys.stdin.buffer.read(), FORMATS[sys.argv[1]])
        answer = {"found": found}
    except Image.DecompressionBombError:
        answer = {"refused": "too_large"}
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, MemoryError):
        answer = {"refused": "unreadable"}
    sys.stdout.buffer.write(json.dumps(answer).encode() + b"\n" + drawn)
