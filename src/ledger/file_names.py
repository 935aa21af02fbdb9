"""Which names files may bear: shown as they are, safe on every system, and ending as their type does.

Names are checked when a command cites a file, never on replay: recorded events keep the names that they have, and
`safe_name` is what those are saved by.
"""

import re
import unicodedata

from ledger.refusals.attachments import (
    AttachmentNameCharacter,
    AttachmentNameDots,
    AttachmentNameEnding,
    AttachmentNameNotNormal,
    AttachmentNameReserved,
    AttachmentNameTooLong,
)

_OFFICE = "application/vnd.openxmlformats-officedocument"
_TEXT = (".txt", ".csv")
# By media type; the first is the usual one. Content does not tell a table in text from other text.
ENDINGS: dict[str, tuple[str, ...]] = {
    "application/pdf": (".pdf",),
    "image/png": (".png",),
    "image/jpeg": (".jpg", ".jpeg"),
    f"{_OFFICE}.wordprocessingml.document": (".docx",),
    f"{_OFFICE}.spreadsheetml.sheet": (".xlsx",),
    "text/csv": (".csv", ".txt"),
    "text/plain": _TEXT,
}
LONGEST_BYTES = 255
# Separators of paths, and what Windows takes in no name.
_PATH = frozenset('/\\:*?"<>|')
# Letters and marks that are drawn as nothing, though Unicode counts them neither as control nor as format.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
# Look like a separator.
_SLASHES = frozenset("\u2044\u2215\u2216\u29f5\u29f8\u29f9\u2571\u2572\u3033")
# Line and paragraph separators, control, format, surrogate, private use, unassigned.
_UNSEEN = frozenset({"Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"})
_SPACES = " \u3000"
_AT_THE_EDGE = _SPACES + ".\u2024\uff0e\u3002\uff61"
# Windows opens a device by these names, whatever their ending.
_DEVICE = re.compile(r"(CON|PRN|AUX|NUL|CLOCK\$|CONIN\$|CONOUT\$|(COM|LPT)[0-9])", re.IGNORECASE)
# What a system runs when it is opened, or takes for a document: as a second ending it hides what the file is.
_RUNS = """
ade adp apk app appimage application appref-ms asp aspx bas bash bat bin cer chm cmd com command cpl crt csh deb dll dmg
docm dotm drv elf exe fish gadget hlp hta htm html inf ins iso jar jnlp js jse jsp ksh lnk mht mhtml mjs mof msc msh
msi msix msp mst ocx php phtml pif pkg pl potm ppam ppsm pptm ps1 ps1xml psc1 psd1 psm1 py pyc pyw rb reg rpm run scf
scr sct settingcontent-ms sh shb shs shtml sldm so svg svgz swf sys url vb vbe vbs vbscript vhd vhdx vxd wasm website ws
wsc wsf wsh xbap xhtml xlam xll xlsb xlsm xltm xml xps zsh
""".split()  # noqa: SIM905 - a list of lines would be eighty lines
_DOCUMENTS = "doc gif odf odp ods odt ofd ppt pptx rar rtf wps xls zip 7z gz tar et dps".split()  # noqa: SIM905
_HIDING = frozenset(_RUNS) | frozenset(_DOCUMENTS) | {one[1:] for endings in ENDINGS.values() for one in endings}


def check_name(name: str) -> None:
    """Raises what is wrong with the name, whatever the file is."""
    if found := next((character for character in name if _is_forbidden(character)), None):
        raise AttachmentNameCharacter(name=name, character=f"U+{ord(found):04X}")
    if unicodedata.normalize("NFC", name) != name:
        raise AttachmentNameNotNormal(name=name)
    if len(name.encode()) > LONGEST_BYTES:
        raise AttachmentNameTooLong(name=name, bytes=len(name.encode()), most=LONGEST_BYTES)
    if name != name.strip(_AT_THE_EDGE) or ".." in name or not name:
        raise AttachmentNameDots(name=name)
    if _names_device(name):
        raise AttachmentNameReserved(name=name)


def check_ending(name: str, media_type: str) -> None:
    """Raises AttachmentNameEnding, unless the name ends as the type does and hides no other ending before that."""
    right = ENDINGS.get(media_type, ())
    before, dot, last = name.rpartition(".")
    inner = {part.strip(_SPACES).casefold() for part in before.split(".")[1:]}
    own = {ending[1:] for ending in right}
    if not dot or last.casefold() not in own or inner & (_HIDING - own):
        raise AttachmentNameEnding(name=name, choices=", ".join(right), media_type=media_type)


def safe_name(name: str, media_type: str) -> str:
    """The name by which a file is saved: the name itself, unless it was given before names were checked, or is the
    number of a contract."""
    try:
        check_name(name)
        check_ending(name, media_type)
    except (
        AttachmentNameCharacter,
        AttachmentNameDots,
        AttachmentNameEnding,
        AttachmentNameNotNormal,
        AttachmentNameReserved,
        AttachmentNameTooLong,
    ):
        return _made_safe(name, media_type)
    return name


def _made_safe(name: str, media_type: str) -> str:
    ending = ENDINGS.get(media_type, (".bin",))[0]
    plain = "".join("_" if _is_forbidden(one) else one for one in unicodedata.normalize("NFC", name))
    # No dot is left that an ending could hide behind.
    stem = plain.removesuffix(ending).replace(".", "_").strip(_AT_THE_EDGE) or "file"
    if _names_device(stem):
        stem = f"_{stem}"
    while len((stem + ending).encode()) > LONGEST_BYTES:
        stem = stem[:-1]
    return stem.strip(_AT_THE_EDGE) + ending


def _is_forbidden(character: str) -> bool:
    if character in _PATH or character in _SLASHES or _INVISIBLE.match(character):
        return True
    category = unicodedata.category(character)
    if category in _UNSEEN or (category == "Zs" and character not in _SPACES):
        return True
    # Full-width and other forms that a system may turn into a separator.
    return not {"/", "\\"}.isdisjoint(unicodedata.normalize("NFKC", character))


def _names_device(name: str) -> bool:
    first = unicodedata.normalize("NFKC", name).partition(".")[0].rstrip(_SPACES)
    return _DEVICE.fullmatch(first) is not None
