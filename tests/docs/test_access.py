"""The page of rights is made from the table of rights."""

from tests.docs.access_page import PAGE, text


def test_the_page_says_what_the_table_says() -> None:
    assert PAGE.read_text("utf-8") == text()
