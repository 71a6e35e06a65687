# ruff: noqa: E501 (cells as students write them)
"""Attacks on the socket between the student's process and the grader: what is sent is forged byte by byte."""

from tests.attacks.corpus import answer_names, attack

ALL_WRONG = tuple(name for name in answer_names("numpy_basics") if name not in ("basic_sigmoid", "L1"))

FIND = """
import os
import socket
import stat
import struct
import time
def sockets():
    for number in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(number).st_mode):
                yield number
        except OSError:
            pass
def write(data):
    for number in sockets():
        view = memoryview(data)
        while view:
            view = view[os.write(number, view):]
def in_a_cell():
    import sys
    here = sys._getframe()
    while here and here.f_code.co_name != "run_cell":
        here = here.f_back
    return here is not None
def frame(text, arrays=b"", sizes=None):
    text = text.encode() if isinstance(text, str) else text
    return struct.pack("<IQ", *(sizes or (len(text), len(arrays)))) + text + arrays
def message(value):
    return '{"dict": [["value", %s], ["ended", "Returned"], ["arguments", {"dict": []}], ["credit", 20.0]]}' % value
def numpy_bytes(header, data=b"", version=1):
    header = header.encode().ljust(118) + b"\\n"
    return b"\\x93NUMPY" + bytes([version, 0]) + struct.pack("<H", len(header)) + header + data
"""


def forges(name, tries, naive, body, **parts):
    """An attack in which softmax, judged and not called by a cell, sends what `body` makes as `data`, and ends the process."""
    lines = "\n".join(f"    {line}" for line in body.strip().splitlines())
    functions = {
        "softmax": f"def softmax(x):\n    if in_a_cell():\n        return 0 * x\n{lines}\n    write(data)\n    os._exit(0)\n"
    }
    attack(name, tries, naive, **{"cells": FIND, "functions": functions, **parts})


def sends(name, tries, naive, cell, **parts):
    """An attack by a cell that does something to the socket."""
    attack(name, tries, naive, cells=(FIND, cell), **{"wrong": ALL_WRONG, "keeps": False, **parts})


sends(
    "garbage-on-the-socket",
    "writes random bytes on every socket that it finds",
    "whoever reads them reads lengths out of them",
    "write(os.urandom(5000))",
    says="can't be read|ended",
)
sends(
    "a-frame-of-an-exabyte",
    "announces a text of 4 GB and arrays of 2**63 bytes",
    "the reader makes room before it reads",
    'write(frame(b"x", sizes=(2**32 - 1, 2**63)))',
    says="announces more than is allowed",
)
sends(
    "a-frame-that-never-ends",
    "announces 30 MB and sends a byte now and then",
    "the deadline begins anew with each byte",
    """
import signal
signal.signal(signal.SIGINT, signal.SIG_IGN)
write(frame(b"", sizes=(30_000_000, 0)))
for _ in range(200):
    write(b" ")
    time.sleep(0.05)
""",
    says="can't be read|couldn't be interrupted",
)
sends(
    "replies-ahead",
    "sends twenty replies before anything is asked: held, right, full credit",
    "replies aren't matched with requests",
    """
held = '{"dict": [["held", true], ["value", {"dict": []}], ["credit", 10.0], ["outputs", {"list": []}], ["count", 1]]}'
for _ in range(20):
    write(frame(held))
""",
)
sends(
    "socket-closed",
    "closes every socket",
    "reading from a closed socket raises in the grader",
    "for number in list(sockets()):\n    os.close(number)",
    says="ended by itself|too long|more than",
)
sends(
    "socket-shut-down-for-reading",
    "shuts its socket down for reading, and fills it from this side",
    "the grader waits while it writes",
    """
for number in sockets():
    connection = socket.socket(fileno=os.dup(number))
    connection.shutdown(socket.SHUT_RD)
    connection.setblocking(False)
    try:
        while True:
            connection.send(bytes(100_000))
    except OSError:
        pass
""",
)
forges(
    "replies-twice",
    "sends two forged replies and then its own",
    "the second is taken for the answer to the next question",
    'data = frame(message("1.0")) * 2\nwrite(data)\nreturn 0 * x',
    keeps=False,
)
forges(
    "helper-unasked",
    "asks for a helper where none is offered",
    "the grader answers whatever is asked",
    """data = frame('{"dict": [["helper", "softmax"], ["arguments", {"list": [1.0]}], ["options", {"dict": []}]]}')""",
    says="wasn't asked for|ended",
)
forges(
    "pickle-in-an-array",
    "an .npy of dtype object with a pickle that writes a file",
    "np.load(allow_pickle=True) runs it in the grader",
    """
pickle = b"cposix\\nsystem\\n(S'touch " + @drop@.encode() + b"/pickled'\\ntR."
array = numpy_bytes("{'descr': '|O', 'fortran_order': False, 'shape': (2, 3), }", pickle)
data = frame(message('{"array": [0, %d]}' % len(array)), array)
""",
    says="can't be read",
)
forges(
    "shape-that-lies",
    "an .npy whose header says (10**6, 10**6) over eight bytes",
    "room is made for what the header says",
    """
array = numpy_bytes("{'descr': '<f8', 'fortran_order': False, 'shape': (1000000, 1000000), }", bytes(8))
data = frame(message('{"array": [0, %d]}' % len(array)), array)
""",
    says="can't be read",
)
forges(
    "shape-of-negative-numbers",
    "an .npy with negative, giant and boolean sizes",
    "(-1) * (-6) is six",
    """
array = numpy_bytes("{'descr': '<f8', 'fortran_order': False, 'shape': (-2, -3), }", bytes(48))
data = frame(message('{"array": [0, %d]}' % len(array)), array)
""",
    says="can't be read",
)
forges(
    "header-for-the-parser",
    "an .npy header of 9 000 signs that Python's parser nests",
    "numpy reads the header with ast.literal_eval, and the C stack overflows",
    """
header = ("{'descr': '<f8', 'fortran_order': False, 'shape': (" + "-" * 9000 + "1,), }").encode()
array = b"\\x93NUMPY\\x01\\x00" + struct.pack("<H", len(header) + 1) + header + b"\\n" + bytes(8)
data = frame(message('{"array": [0, %d]}' % len(array)), array)
""",
    says="can't be read",
)
forges(
    "deep-json",
    "JSON nested a million deep",
    "the json module ends in a crash",
    'data = frame("[" * 1_000_000)',
    says="can't be read",
)
forges(
    "surrogates-and-odd-keys",
    "keys and types that no honest side sends: half surrogates, lists as keys, two keys, foreign types called ndarray",
    "whoever unpacks trusts what the other side packs",
    """
data = frame(message('{"foreign": ["ndarray", "\\\\ud800"]}'))
""",
)
forges(
    "one-array-many-times",
    "a frame of 1 MB in which one array stands 800 times: 0.8 GB once it is read",
    "what is bounded is the frame, not what it says",
    """
array = numpy_bytes("{'descr': '<f8', 'fortran_order': False, 'shape': (125000,), }", bytes(1_000_000))
place = '{"array": [0, %d]}' % len(array)
data = frame(message('{"list": [%s]}' % ", ".join([place] * 800)), array)
""",
    keeps=False,
)
forges(
    "one-array-again-and-again",
    "a frame in which one array of 16 MB stands 30 000 times under one key: nothing is kept, but each is read",
    "what is bounded is the frame, not the work of reading it",
    """
array = numpy_bytes("{'descr': '<f8', 'fortran_order': False, 'shape': (2000000,), }", bytes(16_000_000))
place = '["k", {"array": [0, %d]}]' % len(array)
data = frame(message('{"dict": [%s]}' % ", ".join([place] * 30_000)), array)
""",
    seconds=2,
)
forges(
    "a-new-type-for-each-entry",
    "a frame of 9 MB with 300 000 foreign objects: a class is made for each",
    "a class takes a thousand bytes and some microseconds, here for thirty bytes on the wire",
    """
data = frame(message('{"list": [%s]}' % ", ".join(['{"foreign": ["a", ""]}'] * 300_000)))
""",
    seconds=2,
)
forges(
    "millions-of-empty-things",
    "a frame of 27 MB of empty lists",
    "each takes fifty times the two bytes that it is written in",
    """
data = frame(message("[%s]" % ",".join(["[]"] * 9_000_000)))
""",
)
forges(
    "outputs-for-a-call",
    "a reply of 30 MB of text for a number",
    "the text is shown in the feedback",
    """data = frame(message('"' + "<b>x</b>" * 3_700_000 + '"'))""",
)
