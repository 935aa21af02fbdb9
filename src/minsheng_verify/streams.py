"""No version of a stream that is disclosed is missing, hidden or there twice."""

from array import array

from minsheng_verify.entries import Entry
from minsheng_verify.faults import Fault
from minsheng_verify.payloads import Payload
from minsheng_verify.veil import tag

COMPARED_BYTES = 8


class Streams:
    """The streams that are open or disclosed, with their last versions. The entries come in the order of the log."""

    def __init__(self) -> None:
        self._versions: dict[int, int] = {}
        # By the tag of the version that comes next in a disclosed stream: an entry that has it belongs to that stream.
        self._expected: dict[bytes, str] = {}
        self._tags = array("Q")
        self.veiled = 0

    def __len__(self) -> int:
        return len(self._versions)

    def check(self, entry: Entry, payload: Payload, file: str) -> None:
        """Raises Fault."""
        if entry.veil is not None:
            self._tags.append(int.from_bytes(entry.veil.tag[:COMPARED_BYTES], "big"))
            disclosed = self._expected.pop(entry.veil.tag, None)
            if payload.opening is None:
                self.veiled += 1
                if disclosed is not None:
                    raise wrong(entry, file, f"belongs to stream {disclosed}, which is disclosed, and is not told of")
                return
            following = tag(payload.opening.salt, payload.opening.version + 1)
            self._expected[following] = payload.opening.stream
        assert entry.stream is not None and entry.version is not None
        stream = int(entry.stream.replace("-", ""), 16)
        expected = self._versions.get(stream, 0) + 1
        if entry.version != expected:
            raise wrong(entry, file, f"is version {entry.version} of stream {entry.stream}, expected is {expected}")
        self._versions[stream] = expected

    def check_tags(self) -> None:
        """Once all have come: raises Fault when two veiled entries have one tag, and so are the same version of one
        stream, whether or not that is disclosed yet."""
        before = None
        for one in sorted(self._tags):
            if one == before:
                raise Fault(f"two entries have the tag that begins with {one:016x}: one version of a stream twice")
            before = one


def wrong(entry: Entry, file: str, said: str) -> Fault:
    return Fault(
        f"{file}: the entry at position {entry.position} {said}",
        file=file,
        position=entry.position,
        stream=entry.stream,
        version=entry.version,
    )
