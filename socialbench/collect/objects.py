"""A list of JSON objects as a stream: also one object per line. Memory holds one object at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator

from socialbench.collect.rows import Opened, Place, Record, Rejected
from socialbench.errors import UsageError
from socialbench.model import Json

OBJECT_LIMIT = 64 * 1024 * 1024
"""Characters of the largest object that is believed."""

_CHUNK = 1 << 16
_BETWEEN = " \t\r\n,"


class Objects:
    """The objects of `[{...}, {...}]`, or of `{...}` after `{...}`.

    Raises UsageError, with the line, where the file is no JSON or ends in the middle: half a file is not imported.
    """

    def __init__(self, opened: Opened) -> None:
        self._opened = opened
        self._decoder = json.JSONDecoder()
        self._buffer = ""
        self._line = 1
        self._ended = False
        self.empty_lines = 0

    def __iter__(self) -> Iterator[Record | Rejected]:
        self._skip()
        listed = self._buffer.startswith("[")
        if listed:
            self._drop(1)
        while True:
            self._skip()
            if self._buffer.startswith("]") and listed:
                self._drop(1)
                return
            if not self._buffer:
                if listed:
                    raise self._fault("the list does not end: the file is cut off; fetch it again")
                return
            place = Place(self._opened.name, self._line)
            value = self._decode()
            yield Record(place, value) if isinstance(value, dict) else Rejected(place, "no_object")

    def _decode(self) -> Json:
        while True:
            try:
                value, end = self._decoder.raw_decode(self._buffer)
            except RecursionError:
                raise self._fault("nested too deeply") from None
            except ValueError as error:
                if not self._read(len(self._buffer)):
                    raise self._fault(f"no JSON, or cut off ({str(error).split(':')[0]})") from None
                continue
            # A number at the buffer's end may go on in the next chunk.
            if end == len(self._buffer) and self._read(_CHUNK):
                continue
            self._drop(end)
            return value

    def _read(self, size: int) -> bool:
        if self._ended or len(self._buffer) > OBJECT_LIMIT:
            return False
        chunk = self._opened.text.read(max(size, _CHUNK))
        self._ended = not chunk
        self._buffer += chunk
        return bool(chunk)

    def _skip(self) -> None:
        while True:
            rest = self._buffer.lstrip(_BETWEEN)
            self._drop(len(self._buffer) - len(rest))
            if rest or not self._read(_CHUNK):
                return

    def _drop(self, count: int) -> None:
        self._line += self._buffer.count("\n", 0, count)
        self._buffer = self._buffer[count:]

    def _fault(self, what: str) -> UsageError:
        return UsageError(f"{self._opened.name}:{self._line}: {what}")
