"""Numbers of identity documents, in one way of writing and checked where a number can be (N18, N20)."""

import re
import unicodedata
from datetime import date
from enum import StrEnum

from stdnum.cn import ric

from ledger.core.refusal import Kind, Refusal
from ledger.values import Frozen, Line

RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
# 15 digits until 2012, of people born in the 20th century.
FORMER_RESIDENT = re.compile(r"[0-9]{15}")
PASSPORT = re.compile(r"(?=.*[0-9])[A-Z0-9]{5,15}")
# 通行证 of Hong Kong and Macao (H, M) and of Taiwan; two digits behind count how often it was issued.
PERMIT = re.compile(r"([HM][0-9]{8}|[0-9]{8})([0-9]{2})?")
# 居住证 of people from Hong Kong, Macao, Taiwan.
RESIDENCE_REGIONS = ("81", "82", "83")


class IdentityWrong(Refusal):
    kind = Kind.INVALID
    zh, en = (
        "身份证号码的出生日期或校验码不对。",
        "The resident identity number has a wrong date of birth or check digit.",
    )


class DocumentNumberWrong(Refusal):
    kind = Kind.INVALID
    zh, en = "证件号码与所选证件种类不符。", "This is no number of a document of that kind."


class DocumentKind(StrEnum):
    """居民身份证, 护照, 港澳台居民通行证或居住证."""

    RESIDENT_ID = "resident_id"
    PASSPORT = "passport"
    HMT_PERMIT = "hmt_permit"


class IdentityDocument(Frozen):
    """The number is never stored, only what a secret key makes of it."""

    kind: DocumentKind
    number: Line

    def checked(self) -> str:
        """The number in one way of writing. Raises IdentityWrong, DocumentNumberWrong."""
        number = in_one_way(self.number)
        match self.kind:
            case DocumentKind.RESIDENT_ID:
                if FORMER_RESIDENT.fullmatch(number):
                    number = f"{number[:6]}19{number[6:]}"
                    number += ric.calc_check_digit(f"{number}0")
                if not RESIDENT.fullmatch(number):
                    raise DocumentNumberWrong()
                born_on(number)
            case DocumentKind.PASSPORT:
                if not PASSPORT.fullmatch(number):
                    raise DocumentNumberWrong()
            case DocumentKind.HMT_PERMIT:
                if RESIDENT.fullmatch(number) and number.startswith(RESIDENCE_REGIONS):
                    born_on(number)
                elif found := PERMIT.fullmatch(number):
                    number = found[1]
                else:
                    raise DocumentNumberWrong()
        return number


def in_one_way(text: str) -> str:
    """So that the same number is the same text, in whichever width and with whichever spaces it was typed."""
    normal = unicodedata.normalize("NFKC", text)
    return re.sub(r"[\s-]", "", normal).upper() or normal


def born_on(resident: str) -> date:
    """The date of birth in a resident number of 18 characters. Raises IdentityWrong, also for a wrong check digit."""
    try:
        born = date(int(resident[6:10]), int(resident[10:12]), int(resident[12:14]))
    except ValueError:
        raise IdentityWrong() from None
    if resident[-1] != ric.calc_check_digit(resident):
        raise IdentityWrong()
    return born
