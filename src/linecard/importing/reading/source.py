"""Bytes by position: all that readers ask of wherever a file is kept."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Protocol

_BLOCK_BYTES = 1 << 20


class ByteSource(Protocol):
    """A file of ``size`` bytes that stays as it is."""

    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """Some bytes from a position: at most ``length``, and none only at the end of the file."""
        ...


class BytesSource:
    """Bytes that are in memory anyway."""

    def __init__(self, content: bytes) -> None:
        self.size = len(content)
        self._content = content

    def read_at(self, offset: int, length: int) -> bytes:
        return self._content[offset : offset + length]


class FileSource:
    """A file on this machine; close it, or use it in a ``with``."""

    def __init__(self, path: Path) -> None:
        self._file = path.open("rb")
        self.size = self._file.seek(0, io.SEEK_END)

    def read_at(self, offset: int, length: int) -> bytes:
        self._file.seek(offset)
        return self._file.read(length)

    def close(self) -> None:
        """Let go of the file."""
        self._file.close()

    def __enter__(self) -> "FileSource":
        return self

    def __exit__(self, *exception: object) -> None:
        self.close()


class SourceStream(io.RawIOBase):
    """A source as the seekable stream that the standard library reads from."""

    def __init__(self, source: ByteSource) -> None:
        super().__init__()
        self._source = source
        self._offset = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._offset

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begin = {io.SEEK_SET: 0, io.SEEK_CUR: self._offset, io.SEEK_END: self._source.size}[whence]
        if begin + offset < 0:
            raise ValueError("a position before the beginning")
        self._offset = begin + offset
        return self._offset

    def readinto(self, buffer: Any, /) -> int:
        found = self._source.read_at(self._offset, len(buffer))
        buffer[: len(found)] = found
        self._offset += len(found)
        return len(found)


def blocks(source: ByteSource) -> Iterator[bytes]:
    """The whole of a source, at most 1 MiB at a time."""
    offset = 0
    while block := source.read_at(offset, _BLOCK_BYTES):
        yield block
        offset += len(block)


def beginning(source: ByteSource, length: int) -> bytes:
    """The first ``length`` bytes, or all there are."""
    found = b""
    while len(found) < length and (more := source.read_at(len(found), length - len(found))):
        found += more
    return found
