"""Messages between the trusted side and a student's process: JSON and .npy bytes, never pickle, limited in size.

A message is a dict. A frame is 12 bytes (lengths of the JSON text and of the rest), the JSON text, and the rest: arrays
and long texts, one after the other in the order in which the JSON text names them. Whatever a frame holds, reading it
takes a time and memory that its length bounds, and gives numbers, texts and containers of them, or `WireError`.
"""

import io
import json
import math
import socket
import struct
import time
from functools import lru_cache
from typing import Any

import numpy as np

from utils.checks.readings import Missing, as_numbers

Message = dict[str, Any]
Frame = bytes | bytearray
Array = np.ndarray[Any, np.dtype[Any]]

LENGTHS = struct.Struct("<IQ")
# Values of exercises take kilobytes; pictures in a cell's output may take some megabytes.
MOST_BYTES = 32 * 2**20
# Of JSON text, which takes many times its length when it is read; texts of more than LONG characters go beside it.
MOST_TEXT = 2 * 2**20
LONG = 1000
# An array's .npy bytes: this, the length of a header, the header, the numbers. Small arrays never need version 2.
MAGIC, HEADER_LENGTH, LONGEST_HEADER = b"\x93NUMPY\x01\x00", struct.Struct("<H"), 1000
MOST_FOREIGN = 1000  # objects that can't cross, in one message
DEEPEST = 20
NUMERIC = "biufc"
LARGEST = 10**1000  # Python refuses to read whole numbers of many thousand digits


class WireError(Exception):
    """What came is no message."""


class TooSlow(Exception):
    """Nothing came before the deadline."""


class Closed(Exception):
    """The other side is gone."""


class Foreign:
    """Stands for an object that can't cross: it keeps the name of its type, and how it looks.

    Parameters
    ----------
    look : str
        Its repr, shortened.
    """

    def __init__(self, look: str) -> None:
        self._look = look

    def __repr__(self) -> str:
        return self._look


class ForeignNumbers(Foreign):
    """Stands for an object that can't cross but can be read as numbers."""

    def __init__(self, look: str, numbers: Array) -> None:
        super().__init__(look)
        self._numbers = numbers

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Array:
        return np.array(self._numbers, dtype=dtype)


class Channel:
    """A socket that carries messages.

    Parameters
    ----------
    connection : socket.socket
    """

    def __init__(self, connection: socket.socket) -> None:
        self.socket = connection
        self._pending = bytearray()  # the beginning of a frame, kept when a deadline passes in the middle of it

    def send(self, message: Message, seconds: float | None = None) -> None:
        """Send a message.

        Raises
        ------
        WireError
            When it is too large.
        Closed, TooSlow
        """
        self.send_frame(frame_of(message), seconds)

    def send_frame(self, frame: Frame, seconds: float | None = None) -> None:
        """Send a message that is a frame already.

        Raises
        ------
        Closed, TooSlow
        """
        try:
            self.socket.settimeout(seconds)
            self.socket.sendall(frame)
        except TimeoutError:
            raise TooSlow from None
        except OSError:
            raise Closed from None

    def receive(self, seconds: float | None = None) -> Message:
        """Wait for a message, `seconds` at most.

        Raises
        ------
        WireError, Closed, TooSlow
        """
        return message_of(self.receive_frame(seconds))

    def receive_frame(self, seconds: float | None = None) -> Frame:
        """Wait for a message, `seconds` at most, and leave it unread: only its size is looked at.

        Raises
        ------
        WireError, Closed, TooSlow
        """
        until = None if seconds is None else time.monotonic() + seconds
        self._fill(LENGTHS.size, until)
        text_size, size = LENGTHS.unpack_from(self._pending)
        if text_size > MOST_TEXT or text_size + size > MOST_BYTES:
            raise WireError("it announces more than is allowed")
        self._fill(LENGTHS.size + text_size + size, until)
        frame, self._pending = self._pending, bytearray()
        return frame

    def _fill(self, size: int, until: float | None) -> None:
        """Read on until this many bytes of the frame are there; never more, which would be of the next."""
        while len(self._pending) < size:
            left = None if until is None else until - time.monotonic()
            if left is not None and left <= 0:
                raise TooSlow
            try:
                self.socket.settimeout(left)
                part = self.socket.recv(min(size - len(self._pending), 2**20))
            except TimeoutError:
                raise TooSlow from None
            except OSError:
                raise Closed from None
            if not part:
                raise Closed
            self._pending += part

    def close(self) -> None:
        """Close this end."""
        self.socket.close()


def frame_of(message: Message) -> Frame:
    """The frame that holds a message.

    Raises
    ------
    WireError
        When it is too large.
    """
    rest: list[bytes] = []
    text = json.dumps(_pack(message, rest, 0)).encode()
    size = sum(map(len, rest))
    _check_size(len(text), MOST_TEXT)
    _check_size(len(text) + size, MOST_BYTES)
    return b"".join([LENGTHS.pack(len(text), size), text, *rest])


def message_of(frame: Frame) -> Message:
    """The message in a frame that was received.

    Raises
    ------
    WireError
        When there is none.
    """
    content = memoryview(frame)[LENGTHS.size :]
    text_size, _ = LENGTHS.unpack_from(frame)
    try:
        message = _Reader(content[text_size:]).read(json.loads(bytes(content[:text_size])))
    except Exception as reason:  # json and numpy raise many kinds on what they can't read
        raise WireError(f"it can't be read: {type(reason).__name__}") from None
    if not isinstance(message, dict):
        raise WireError("it is no message")
    return message


def _check_size(taken: int, most: int) -> None:
    if taken > most:
        raise WireError(f"it takes {taken / 2**20:.0f} MB, more than {most // 2**20} MB")


def pair() -> tuple[socket.socket, socket.socket]:
    """Two connected sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def _pack(value: Any, rest: list[bytes], depth: int) -> Any:
    """A value as JSON can hold it; the bytes of its arrays and long texts are appended to `rest`."""
    if isinstance(value, np.generic) and value.dtype.kind in NUMERIC:
        return {"scalar": _add(np.asarray(value), rest)}
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str):
        return str(value) if len(value) <= LONG else {"text": _put(value.encode("utf-8", "surrogatepass"), rest)}
    if isinstance(value, int):
        return int(value) if abs(value) < LARGEST else _pack_foreign(value, rest)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, bytes):
        return {"bytes": _put(value, rest)}
    if isinstance(value, np.ndarray):
        return _pack_array(value, rest)
    if depth == DEEPEST:
        return {"foreign": [type(value).__name__, "..."]}
    if isinstance(value, dict) and all(isinstance(key, str | int | float | None) for key in value):
        return {"dict": [[_pack(key, rest, 0), _pack(entry, rest, depth + 1)] for key, entry in value.items()]}
    if isinstance(value, list | tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_pack(entry, rest, depth + 1) for entry in value]}
    return _pack_foreign(value, rest)


def _pack_array(value: Array, rest: list[bytes]) -> dict[str, Any]:
    array = np.asarray(value)
    if array.dtype.kind not in NUMERIC:
        try:
            array = as_numbers(array)
        except Missing:
            return {"text array": None}
    return {"array": _add(array, rest)}


def _pack_foreign(value: Any, rest: list[bytes]) -> dict[str, Any]:
    name, look = type(value).__name__, repr(value)[:200]
    try:
        return {"foreign numbers": [name, look, _add(as_numbers(value), rest)]}
    except Exception:  # any object may raise anything here
        return {"foreign": [name, look]}


def _add(array: Array, rest: list[bytes]) -> int:
    """Append the .npy bytes of an array, as numpy.save writes them; returns how many there are."""
    _check_size(array.nbytes, MOST_BYTES)  # before it is copied: a view may stand for far more than it takes
    by_columns = array.flags.f_contiguous and not array.flags.c_contiguous
    header = _written_header(array.dtype.str, by_columns, array.shape)
    return _put(header + array.tobytes("F" if by_columns else "C"), rest)


def _put(data: bytes, rest: list[bytes]) -> int:
    rest.append(data)
    return len(data)


class _Reader:
    """Reads one message.

    Parameters
    ----------
    rest : memoryview
        Arrays and long texts. Each byte is used once, so that a short message can't stand for a huge one.
    """

    def __init__(self, rest: memoryview) -> None:
        self._rest, self._used, self._foreign = rest, 0, 0

    def read(self, value: Any, depth: int = 0) -> Any:
        """The value that `_pack` was given; any exception means that there was none."""
        if depth > 2 * DEEPEST or isinstance(value, list):
            raise ValueError
        if not isinstance(value, dict):
            return value
        [(kind, content)] = value.items()
        match kind:
            case "scalar":
                return self._array(content).reshape(())[()]
            case "array":
                return self._array(content)
            case "text":
                return bytes(self._take(content)).decode("utf-8", "surrogatepass")
            case "bytes":
                return bytes(self._take(content))
            case "complex":
                return complex(*content)
            case "text array":
                return np.array("text")
            case "dict":
                return {self._key(key): self.read(entry, depth + 1) for key, entry in content}
            case "list":
                return [self.read(entry, depth + 1) for entry in content]
            case "tuple":
                return tuple(self.read(entry, depth + 1) for entry in content)
            case "foreign":
                name, look = content
                return self._stand_in(Foreign, name)(str(look)[:200])
            case "foreign numbers":
                name, look, size = content
                return self._stand_in(ForeignNumbers, name)(str(look)[:200], self._array(size))
        raise ValueError

    def _key(self, key: Any) -> str | int | float | None:
        key = self.read(key)
        if key is None or isinstance(key, str | int | float):
            return key
        raise ValueError

    def _stand_in(self, base: type[Foreign], name: Any) -> type[Any]:
        self._foreign += 1
        if self._foreign > MOST_FOREIGN:
            raise ValueError
        fits = isinstance(name, str) and name.isidentifier() and len(name) <= 60
        return _stand_in(base, name if fits else "object")  # type: ignore[arg-type]

    def _take(self, size: Any) -> memoryview:
        start = self._used
        if not (isinstance(size, int) and 0 <= size <= len(self._rest) - start):
            raise ValueError
        self._used += size
        return self._rest[start : self._used]

    def _array(self, size: Any) -> Array:
        """An array from its .npy bytes; its header has to agree with their number before anything is allocated."""
        data = self._take(size)
        (length,) = HEADER_LENGTH.unpack_from(data, len(MAGIC))
        start = len(MAGIC) + HEADER_LENGTH.size + length
        if data[: len(MAGIC)] != MAGIC or start > LONGEST_HEADER:
            raise ValueError
        shape, by_columns, dtype = _header(bytes(data[len(MAGIC) : start]))
        count = math.prod(shape)
        if dtype.kind not in NUMERIC or min(shape, default=0) < 0 or count * dtype.itemsize != len(data) - start:
            raise ValueError
        array = np.frombuffer(data[start:], dtype) if count else np.empty(0, dtype)
        return array.reshape(shape, order="F" if by_columns else "C").copy(order="K")


# A header takes twenty times as long as the rest of a small array, and most come again and again.
@lru_cache(maxsize=1000)
def _written_header(dtype: str, by_columns: bool, shape: tuple[int, ...]) -> bytes:
    """The beginning of an array's .npy bytes, up to its numbers."""
    stream = io.BytesIO()
    header = {"descr": dtype, "fortran_order": by_columns, "shape": shape}
    np.lib.format.write_array_header_1_0(stream, header)
    return stream.getvalue()


@lru_cache(maxsize=1000)
def _header(header: bytes) -> tuple[tuple[int, ...], bool, np.dtype[Any]]:
    """Shape, order and dtype of an array."""
    return np.lib.format.read_array_header_1_0(io.BytesIO(header))


@lru_cache(maxsize=1000)
def _stand_in(base: type[Foreign], name: str) -> type[Any]:
    return type(name, (base,), {})
