"""Names of files: what is refused, and what older names are saved by."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.core.refusal import Refusal
from ledger.file_names import ENDINGS, LONGEST_BYTES, check_ending, check_name, safe_name
from ledger.project.attachments import Attached, Attachment

PDF, TEXT = "application/pdf", "text/plain"
REFUSED = {
    "attachment_name_character": [
        "申报表\u202efdp.pdf", "\u200b", "a\u200b.pdf", "a\ufeff.pdf", "a\u2066b\u2069.pdf", "a\u00ad.pdf",
        "a\u061c.pdf",
        "a\n.pdf", "a\x00.pdf", "a\x7f.pdf", "a\x85.pdf", "a\u2028.pdf", "a\ud800.pdf", "a\ue000.pdf", "a\uffff.pdf",
        "a/b.pdf", "a\\b.pdf", "a:b.pdf", "a?.pdf", "a*.pdf", 'a".pdf', "a<b>.pdf", "a|b.pdf", "a\u00a0.pdf",
        "a\uff0fb.pdf", "a\uff3cb.pdf", "a\u2215b.pdf", "a\u2044b.pdf", "a\u3164.pdf", "a\u115f.pdf", "a\ufe0f.pdf",
        "a\u2800.pdf", "a\U000e0001.pdf", "a\U000e0100.pdf", "../../etc/passwd", "..\\a.pdf",
    ],
    "attachment_name_not_normal": ["cafe\u0301.pdf", "\u212b.pdf"],
    "attachment_name_too_long": ["长" * 84 + ".pdf", "长" * 200],
    "attachment_name_dots": ["..", ".", ".pdf", "a.pdf.", "a.pdf ", " a.pdf", "a..pdf", "...a.pdf", "\u3000a.pdf"],
    "attachment_name_reserved": [
        "CON.pdf", "con.pdf", "PRN.pdf", "nul", "AUX.tar.pdf", "COM1.pdf", "lpt9.pdf", "COM¹.pdf", "CONIN$.pdf",
        "CON .pdf", "\uff23\uff2f\uff2e.pdf",
    ],
    "attachment_name_ending": [
        "申报表.pdf.bat", "报告.html", "a", "pdf", "a.exe", "a.txt", "a.pdf.exe", "a.exe.pdf", "a.EXE .pdf",
        "a.docx.pdf", "a.js.b.pdf", "a.рdf", "a.pdf　.exe", "a.docm", "a.svg", "a.pdf．exe",
    ],
}  # fmt: skip
TAKEN = [
    "示例.pdf", "示例 “签到表”.PDF", "2010.3.15 签到.pdf", "报告v1.2.pdf", "a.pdf.pdf", "contact.pdf", "console.pdf",
    "COM10.pdf",
    "示例：申请（一）？.pdf", "caf\u00e9.pdf", "长" * 83 + ".pdf", "示例　表.pdf", "exe.pdf", "…….pdf",
]  # fmt: skip


@pytest.mark.parametrize(("code", "name"), [(code, name) for code, names in REFUSED.items() for name in names])
def test_a_deceiving_name_is_refused_by_its_fault(code: str, name: str) -> None:
    with pytest.raises(Refusal) as refused:
        check_name(name)
        check_ending(name, PDF)
    assert refused.value.code == code
    assert refused.value.details["name"] == name
    assert "\u202e" not in refused.value.sentence("en") + refused.value.sentence("zh")


@pytest.mark.parametrize("name", TAKEN)
def test_an_ordinary_name_is_taken(name: str) -> None:
    check_name(name)
    check_ending(name, PDF)
    assert safe_name(name, PDF) == name


@given(st.text(max_size=200), st.sampled_from(list(ENDINGS)))
def test_any_name_is_saved_by_a_safe_one(name: str, media_type: str) -> None:
    safe = safe_name(name, media_type)
    check_name(safe)
    check_ending(safe, media_type)
    assert safe == unicodedata.normalize("NFC", safe)
    assert len(safe.encode()) <= LONGEST_BYTES


def test_names_recorded_before_are_still_read() -> None:
    file = Attachment(name="申报表\u202efdp.bat", sha256="0" * 64, media_type=TEXT, bytes=1)
    fact = Attached(subject="示例", files=(file,))
    assert Attached.model_validate_json(fact.model_dump_json()) == fact
    assert safe_name(file.name, TEXT) == "申报表_fdp_bat.txt"
