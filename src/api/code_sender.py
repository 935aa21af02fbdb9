"""Sends the codes that verify a telephone number (N18): to a log, by mail to a gateway, or to a gateway on the web."""

import sys
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID, uuid4

from api.reminders.channels import Channel, ChannelsWrong, NotTaken, channels_of
from ledger.core.words import Words
from ledger.project.open_answers import CodesNotSent

SETTING = "MINSHENG_SMS"
SHOWN_DIGITS = 4
SUBJECT = Words("民生账本验证码", "Minsheng Ledger code")
TEXT = Words(
    "【民生账本】您的验证码是 {code}，二十分钟内有效。用于实名评价，请勿告诉他人。",
    "Minsheng Ledger: your code is {code}, for 20 minutes. It is for feedback by real name; tell it to nobody.",
)


@dataclass(frozen=True, slots=True, repr=False)
class CodeMessage:
    """The log shows the last digits of the number alone: enough for who tries it out."""

    id: UUID
    telephone: str
    code: str
    email: str | None

    def line(self) -> str:
        return f"code {self.code} to a number that ends in {self.telephone[-SHOWN_DIGITS:]}"

    def subject(self) -> str:
        return SUBJECT.zh

    def letter(self) -> str:
        return f"{TEXT.in_('zh', code=self.code)}\n"

    def message(self) -> dict[str, Any]:
        return {"id": str(self.id), "to": self.telephone, "text": TEXT.in_("zh", code=self.code)}


@dataclass(frozen=True, slots=True)
class CodeSender:
    """`domain`: behind the number, the address of a gateway by mail."""

    channel: Channel
    domain: str

    @classmethod
    def of(cls, url: str, domain: str, out: IO[str] = sys.stderr) -> "CodeSender | None":
        """None where nothing is set. Raises ChannelsWrong."""
        if not url.strip():
            return None
        channels = channels_of(url, out, SETTING)
        if len(channels) > 1:
            raise ChannelsWrong(f"{SETTING} is one channel")
        if channels[0].to_contact and not domain.strip():
            raise ChannelsWrong(f"{SETTING} by mail needs MINSHENG_SMS_MAIL_DOMAIN")
        return cls(channels[0], domain.strip())

    async def send(self, telephone: str, code: str) -> None:
        """Raises CodesNotSent."""
        email = f"{telephone.lstrip('+')}@{self.domain}" if self.channel.to_contact else None
        try:
            await self.channel.send(CodeMessage(uuid4(), telephone, code, email))
        except NotTaken as error:
            raise CodesNotSent() from error
