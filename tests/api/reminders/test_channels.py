"""Channels by their URLs."""

from io import StringIO

import pytest

from api.reminders.channels import ChannelsWrong, SmtpChannel, channels_of

FROM = "from=ledger@example.org"


def test_channels_are_chained_with_the_log_as_fallback() -> None:
    urls = f"log:, smtp://mail.example.org/?{FROM} https://example.org/hook?token=x"
    assert [channel.name.split("#")[0] for channel in channels_of(urls)] == [
        "log:",
        "smtp://mail.example.org:25",
        "https://example.org",
    ]
    assert [channel.name for channel in channels_of(" ", StringIO())] == ["log:"]


def test_a_mail_server_is_all_in_its_url() -> None:
    [channel] = channels_of(f"smtp://us%40er:p%2Fss@mail.example.org/?{FROM}&starttls=1")
    assert channel == SmtpChannel("mail.example.org", 587, "ledger@example.org", "us@er", "p/ss", starttls=True)
    assert "p/ss" not in repr(channel) + channel.name


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("mail", "begins with"),
        ("ftp://example.org", "begins with"),
        ("log:more", "begins with"),
        ("smtp://:s3cret@/?from=a@example.org", "no host"),
        ("smtp://u:s3cret@mail.example.org", "needs ?from="),
        ("smtp://u:s3cret@mail.example.org:port/?" + FROM, "no URL"),
        ("smtp://u:s3cret@mail.example.org/?starttls=yes&" + FROM, "starttls is 0 or 1"),
        ("smtp://u:s3cret@mail.example.org/?tls=1&" + FROM, "nothing else"),
        ("https://u:s3cret@example.org/", "holds no user"),
        ("http://例子.example/s3cret", "ASCII"),
        ("log: log:", "twice"),
    ],
)
def test_a_wrong_channel_is_named_without_its_secret(text: str, why: str) -> None:
    with pytest.raises(ChannelsWrong) as wrong:
        channels_of(text)
    assert why in str(wrong.value) and "s3cret" not in str(wrong.value)
