"""The files of an archive: bytes under their digest, and an index that people read."""

import csv
from dataclasses import dataclass
from io import StringIO
from uuid import UUID

from api.archive.package import Package
from api.files.exports.writers import cell
from api.service import Service
from ledger.attachments import find_files
from ledger.file_names import ENDINGS
from ledger.values import Document

HEADER = (
    "项目 project",
    "项目名称 title",
    "文件名 name",
    "档案内路径 path",
    "字节 bytes",
    "类型 media type",
    "SHA-256",
)


@dataclass(frozen=True, slots=True)
class Filed:
    """A file that a project cites. `path`: in the package; None when the ledger has its digest alone."""

    name: str
    path: str | None


class Files:
    def __init__(self, service: Service, package: Package) -> None:
        self._service, self._package = service, package
        self._packed: set[str] = set()
        self._index = StringIO(newline="")
        self._writer = csv.writer(self._index)
        self._writer.writerow(HEADER)

    async def add(self, project: UUID, title: str, cited: list[Document]) -> list[Filed]:
        """Raises AttachmentOutOfReach when the file store has not what was uploaded."""
        # The last name that a file was cited by.
        names = {document.sha256: document.name for document in cited}
        stored = await find_files(self._service.pool, names, project)
        filed = []
        for digest, name in sorted(names.items(), key=lambda item: (item[1], item[0])):
            found = stored.get(digest)
            path = f"attachments/{digest}{ENDINGS.get(found.media_type, ('',))[0]}" if found else None
            if found and path and digest not in self._packed:
                self._packed.add(digest)
                content = await self._service.attachments.get(digest)
                await self._service.bulk.run(self._package.add, path, content, found.media_type)
            stated = (found.bytes, found.media_type) if found else (None, None)
            self._writer.writerow([cell(value) for value in (str(project), title, name, path, *stated, digest)])
            filed.append(Filed(name, path))
        return filed

    def close(self) -> None:
        """The index, with the mark by which spreadsheets know Chinese."""
        self._package.add("attachments/index.csv", self._index.getvalue().encode("utf-8-sig"))
