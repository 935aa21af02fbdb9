"""XML through expat, which alone knows all the ways to write the same: quotes, prefixes, white space, encodings."""

from xml.parsers import expat

from api.files.tables.xlsx.unreadable import Reason, Unreadable

MOST_ELEMENTS = 1_000_000
MOST_DEPTH = 60
MAIN = ("http://schemas.openxmlformats.org/spreadsheetml/2006/main", "http://purl.oclc.org/ooxml/spreadsheetml/main")
# ECMA-376 part 2 allows UTF-8 and UTF-16, of which ASCII is a part.
ENCODINGS = frozenset({"utf-8", "utf-16", "utf-16le", "utf-16be", "us-ascii"})


class Handler:
    """What is done with a document. `path`: the open elements, without the namespace where it is that of the root;
    other names keep theirs, and so are never taken for ours."""

    root: frozenset[str]

    def __init__(self) -> None:
        self.path: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None: ...

    def end(self, name: str) -> None: ...

    def text(self, text: str) -> None: ...


def in_main(name: str) -> frozenset[str]:
    """A root of spreadsheets, in the namespace of either edition of the standard."""
    return frozenset(f"{namespace} {name}" for namespace in MAIN)


def parse(content: bytes, handler: Handler, most: int = MOST_ELEMENTS) -> int:
    """How many elements there were, linear in the content. Raises Unreadable for what is not well-formed, has a
    document type, and thereby could have entities, or has more elements than that."""
    return _Parser(handler, most).parse(content)


class _Parser:
    def __init__(self, handler: Handler, most: int) -> None:
        self._handler, self._most, self._elements = handler, most, 0
        self._names: dict[str, str] = {}
        self._own = ""
        self._parser = expat.ParserCreate(namespace_separator=" ")
        self._parser.buffer_text = True
        self._parser.XmlDeclHandler = _check_declaration
        self._parser.StartDoctypeDeclHandler = _refuse_document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = handler.text

    def parse(self, content: bytes) -> int:
        try:
            self._parser.Parse(content, True)
        except (expat.ExpatError, ValueError, LookupError) as error:
            raise Unreadable(Reason.DAMAGED) from error
        return self._elements

    def _start(self, full: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        handler = self._handler
        if self._elements > self._most:
            raise Unreadable(Reason.TOO_MANY_CELLS)
        if len(handler.path) >= MOST_DEPTH:
            raise Unreadable(Reason.DAMAGED)
        if not handler.path:
            if full not in handler.root:
                raise Unreadable(Reason.DAMAGED)
            self._own = full.partition(" ")[0] + " "
        name = self._names.get(full) or self._named(full)
        handler.start(name, attributes)
        handler.path.append(name)

    def _end(self, full: str) -> None:
        self._handler.path.pop()
        self._handler.end(self._names[full])

    def _named(self, full: str) -> str:
        name = full.partition(" ")[2] if full.startswith(self._own) else full
        self._names[full] = name
        return name


def _check_declaration(version: str, encoding: str | None, standalone: int) -> None:
    if encoding is not None and encoding.lower() not in ENCODINGS:
        raise Unreadable(Reason.FOREIGN_XML)


def _refuse_document_type(name: str, system: str | None, public: str | None, internal: int) -> None:
    raise Unreadable(Reason.FOREIGN_XML)
