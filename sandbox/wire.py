"""Messages between the trusted side and a student's process: JSON and .npy bytes, never pickle, limited in size.

A message is a dict. A frame is 12 bytes (lengths of text and of arrays), the text, and the arrays one after the other.
Whatever a frame holds, reading it gives numbers, texts and containers of them, or `WireError`.
"""

import io
import json
import math
import socket
import struct
import time

import numpy as np

LENGTHS = struct.Struct("<IQ")
# Values of exercises take kilobytes; pictures in a cell's output may take some megabytes.
MOST_BYTES = 32 * 2**20
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

    def __init__(self, look):
        self._look = look

    def __repr__(self):
        return self._look


class ForeignNumbers(Foreign):
    """Stands for an object that can't cross but can be read as numbers."""

    def __init__(self, look, numbers):
        super().__init__(look)
        self._numbers = numbers

    def __array__(self, dtype=None, copy=None):
        return np.array(self._numbers, dtype=dtype)


class Channel:
    """A socket that carries messages.

    Parameters
    ----------
    connection : socket.socket
    """

    def __init__(self, connection):
        self.socket = connection
        self._pending = bytearray()  # the beginning of a frame, kept when a deadline passes in the middle of it

    def send(self, message, seconds=None):
        """Send a message.

        Raises
        ------
        WireError
            When it is too large.
        Closed, TooSlow
        """
        arrays = []
        text = json.dumps(_pack(message, arrays, 0)).encode()
        size = sum(map(len, arrays))
        if len(text) + size > MOST_BYTES:
            raise WireError(f"it takes {(len(text) + size) / 2**20:.0f} MB, more than {MOST_BYTES // 2**20} MB")
        try:
            self.socket.settimeout(seconds)
            self.socket.sendall(b"".join([LENGTHS.pack(len(text), size), text, *arrays]))
        except TimeoutError:
            raise TooSlow from None
        except OSError:
            raise Closed from None

    def receive(self, seconds=None):
        """Wait for a message, `seconds` at most.

        Raises
        ------
        WireError, Closed, TooSlow
        """
        until = None if seconds is None else time.monotonic() + seconds
        self._fill(LENGTHS.size, until)
        text_size, size = LENGTHS.unpack_from(self._pending)
        if text_size + size > MOST_BYTES:
            raise WireError("it announces more than is allowed")
        end = LENGTHS.size + text_size
        self._fill(end + size, until)
        frame, self._pending = memoryview(self._pending), bytearray()
        try:
            message = _unpack(json.loads(bytes(frame[LENGTHS.size : end])), frame[end:], 0)
        except Exception as reason:  # json and numpy raise many kinds on what they can't read
            raise WireError(f"it can't be read: {type(reason).__name__}") from None
        if not isinstance(message, dict):
            raise WireError("it is no message")
        return message

    def _fill(self, size, until):
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

    def close(self):
        """Close this end."""
        self.socket.close()


def pair():
    """Two connected sockets."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def _pack(value, arrays, depth):
    """A value as JSON can hold it; the bytes of its arrays are appended to `arrays`."""
    if isinstance(value, np.generic) and value.dtype.kind in NUMERIC:
        return {"scalar": _add(np.asarray(value), arrays)}
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value) if abs(value) < LARGEST else _pack_foreign(value, arrays)
    if isinstance(value, complex):
        return {"complex": [value.real, value.imag]}
    if isinstance(value, bytes):
        return {"bytes": _add_bytes(value, arrays)}
    if isinstance(value, np.ndarray):
        return _pack_array(value, arrays)
    if depth == DEEPEST:
        return {"foreign": [type(value).__name__, "..."]}
    if isinstance(value, dict) and all(isinstance(key, str | int | float | None) for key in value):
        return {"dict": [[_pack(key, arrays, 0), _pack(entry, arrays, depth + 1)] for key, entry in value.items()]}
    if isinstance(value, list | tuple):
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [_pack(entry, arrays, depth + 1) for entry in value]}
    return _pack_foreign(value, arrays)


def _pack_array(value, arrays):
    array = np.asarray(value)
    if array.dtype.kind not in NUMERIC:
        try:
            array = array.astype(np.float64)
        except (TypeError, ValueError):
            return {"text array": None}
    return {"array": _add(array, arrays)}


def _pack_foreign(value, arrays):
    name, look = type(value).__name__, repr(value)[:200]
    try:
        return {"foreign numbers": [name, look, _add(np.asarray(value).astype(np.float64), arrays)]}
    except Exception:  # any object may raise anything here
        return {"foreign": [name, look]}


def _add(array, arrays):
    stream = io.BytesIO()
    np.lib.format.write_array(stream, array, allow_pickle=False)
    return _add_bytes(stream.getvalue(), arrays)


def _add_bytes(data, arrays):
    start = sum(map(len, arrays))
    arrays.append(data)
    return [start, len(data)]


def _unpack(value, arrays, depth):
    if depth > 2 * DEEPEST:
        raise ValueError
    if not isinstance(value, dict):
        if isinstance(value, list):
            raise ValueError
        return value
    [(kind, content)] = value.items()
    match kind:
        case "scalar":
            return _array(content, arrays).reshape(())[()]
        case "array":
            return _array(content, arrays)
        case "complex":
            return complex(*content)
        case "bytes":
            return bytes(_cut(content, arrays))
        case "text array":
            return np.array("text")
        case "dict":
            return {_key(key): _unpack(entry, arrays, depth + 1) for key, entry in content}
        case "list":
            return [_unpack(entry, arrays, depth + 1) for entry in content]
        case "tuple":
            return tuple(_unpack(entry, arrays, depth + 1) for entry in content)
        case "foreign":
            name, look = content
            return _foreign_type(Foreign, name)(str(look)[:200])
        case "foreign numbers":
            name, look, place = content
            return _foreign_type(ForeignNumbers, name)(str(look)[:200], _array(place, arrays))
    raise ValueError


def _key(key):
    if key is None or isinstance(key, str | int | float):
        return key
    raise ValueError


def _foreign_type(base, name):
    name = name if isinstance(name, str) and name.isidentifier() and len(name) <= 60 else "object"
    return type(name, (base,), {})


def _cut(place, arrays):
    start, size = place
    if not (isinstance(start, int) and isinstance(size, int) and 0 <= start <= start + size <= len(arrays)):
        raise ValueError
    return arrays[start : start + size]


def _array(place, arrays):
    """An array from its .npy bytes; its header has to agree with their number before anything is allocated."""
    data = _cut(place, arrays)
    stream = io.BytesIO(data)
    version = np.lib.format.read_magic(stream)
    if version not in ((1, 0), (2, 0)):
        raise ValueError
    read_header = np.lib.format.read_array_header_1_0 if version == (1, 0) else np.lib.format.read_array_header_2_0
    shape, by_columns, dtype = read_header(stream)
    start, count = stream.tell(), math.prod(shape)
    if dtype.kind not in NUMERIC or min(shape, default=0) < 0 or count * dtype.itemsize != len(data) - start:
        raise ValueError
    array = np.frombuffer(data[start:], dtype) if count else np.empty(0, dtype)
    return array.reshape(shape, order="F" if by_columns else "C").copy(order="K")
