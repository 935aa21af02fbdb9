"""Under which prefixes identifiers are made is the publisher's to set, and told as unregistered until then."""

import pytest

from api.open_data.publisher import UNREGISTERED, PrefixWrong
from api.settings import Settings


def test_without_settings_the_prefixes_are_marked_as_unregistered(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PUBLISHER", "OCID_PREFIX", "GRANT_PREFIX"):
        monkeypatch.delenv(f"MINSHENG_{name}", raising=False)
    assert Settings().publisher == UNREGISTERED
    assert not UNREGISTERED.registered
    monkeypatch.setenv("MINSHENG_OCID_PREFIX", "ocds-a1b2c3")
    monkeypatch.setenv("MINSHENG_PUBLISHER", "示例市民政局")
    found = Settings().publisher
    assert (found.name, found.ocid_prefix, found.registered) == ("示例市民政局", "ocds-a1b2c3", True)


@pytest.mark.parametrize(
    ("name", "value"), [("OCID_PREFIX", "ocds-A1B2C3"), ("OCID_PREFIX", "a1b2c3"), ("GRANT_PREFIX", "example")]
)
def test_a_malformed_prefix_names_its_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"MINSHENG_{name}", value)
    with pytest.raises(PrefixWrong, match=f"MINSHENG_{name}"):
        _ = Settings().publisher
