"""Pictures for the invented year: drawn, so that nobody is in them."""

from io import BytesIO
from random import Random

from PIL import Image, ImageDraw

WIDTH, HEIGHT = 640, 420
_CLOTHS = ("#b33a3a", "#2f6f9f", "#4d8b57", "#c08a2e")


def laid_table(chance: Random) -> bytes:
    """A table with dishes on it, as JPEG."""
    picture = Image.new("RGB", (WIDTH, HEIGHT), "#ece5d8")
    drawn = ImageDraw.Draw(picture)
    drawn.polygon([(90, 200), (550, 200), (640, 380), (0, 380)], fill=chance.choice(_CLOTHS))
    for number in range(chance.randrange(4, 8)):
        left, top = 80 + 70 * number, 240 + 12 * (number % 3)
        drawn.ellipse([left, top, left + 56, top + 30], fill="#ffffff", outline="#c8c8c8", width=3)
    written = BytesIO()
    picture.save(written, "JPEG", quality=85)
    return written.getvalue()
