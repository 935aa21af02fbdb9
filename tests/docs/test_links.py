"""What a document links to is there: files, images, headings."""

import re
from pathlib import Path

import pytest
from tests.docs.documents import ROOT, documents, links

FORBIDDEN = re.compile(r"/home/|/Users/|/simple\b")


def anchors(document: Path) -> set[str]:
    """The anchors of headings, as forges make them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def relative(document: Path) -> str:
    return document.relative_to(ROOT).as_posix()


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_relative_link_leads_somewhere(document: Path) -> None:
    for link in links(document):
        if link.startswith(("https://", "http://", "mailto:")):
            continue
        path, _, anchor = link.partition("#")
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), link
        assert not anchor or anchor in anchors(target), link


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_a_document_names_no_place_on_one_machine(document: Path) -> None:
    assert FORBIDDEN.findall(document.read_text("utf-8")) == []


@pytest.mark.parametrize("document", documents(), ids=relative)
def test_every_document_can_be_reached_from_the_readme(document: Path) -> None:
    reached, open_ends = set[Path](), [ROOT / "README.md"]
    while open_ends:
        one = open_ends.pop()
        reached.add(one)
        linked = ((one.parent / link.partition("#")[0]).resolve() for link in links(one) if "://" not in link)
        open_ends += [path for path in linked if path.suffix == ".md" and path.exists() and path not in reached]
    assert document in reached
