"""The page of corrections is made from the table of what may be corrected."""

from tests.docs.corrections_page import PAGE, text


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == text()
