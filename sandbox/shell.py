"""An IPython shell without a kernel: runs a cell in this process and gives its outputs as a notebook has them."""

import builtins
import io
from collections.abc import Iterable
from typing import Any, NoReturn

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

Output = dict[str, Any]
# A cell may print, and draw, this much; the rest is dropped, and a line says so.
MOST_TEXT = 200_000
MOST_DATA = 6_000_000
MOST_OUTPUTS = 500
CUT = "\n... more was printed, and is left out here.\n"


class Outputs:
    """The outputs of one cell: a list of nbformat outputs as plain dicts, limited in size."""

    def __init__(self) -> None:
        self.clear()

    def clear(self) -> None:
        """Forget them all; what was counted against the limits is given back."""
        self.all: list[Output] = []
        self._text = self._data = 0

    def write(self, stream: str, text: str) -> None:
        """Add text to "stdout" or "stderr"."""
        if self._text > MOST_TEXT:
            return
        self._text += len(text)
        if self._text > MOST_TEXT:
            text = text[: len(text) - self._text + MOST_TEXT] + CUT
        last = self.all[-1] if self.all else {}
        if last.get("output_type") == "stream" and last["name"] == stream:
            last["text"].append(text)
        elif len(self.all) < MOST_OUTPUTS:
            self.all.append({"output_type": "stream", "name": stream, "text": [text]})

    def show(self, output: Output, data: Output, name: str | None = None, update: bool = False) -> None:
        """Add a picture or a value; with a display's name, put it in the place of an earlier one."""
        data = {str(kind): content if isinstance(content, str) else _text(content) for kind, content in data.items()}
        size = sum(map(len, data.values()))
        if update:
            for old in self.all:
                if name is not None and old.get("display") == name:
                    old["data"] = data
            return
        if self._data + size <= MOST_DATA and len(self.all) < MOST_OUTPUTS:
            self._data += size
            self.all.append({**output, "data": data, "display": name})

    def fail(self, name: str, message: Any, traceback: Iterable[Any]) -> None:
        """Add an error; it is never left out."""
        lines = [str(line)[:20_000] for line in list(traceback)[:200]]
        self.all.append({"output_type": "error", "ename": str(name), "evalue": str(message)[:2000], "traceback": lines})

    def take(self) -> list[Output]:
        """The outputs, ready for a notebook."""
        ready = []
        for output in self.all:
            output = {key: value for key, value in output.items() if key != "display"}
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
            ready.append(output)
        self.clear()
        return ready


def _text(content: Any) -> str:
    """Pictures come as bytes, notebooks keep them as base64; other things as they look."""
    if isinstance(content, bytes):
        import base64

        return base64.b64encode(content).decode()
    return str(content)


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr while a cell runs."""

    encoding = "utf-8"

    def __init__(self, name: str, outputs: Outputs) -> None:
        self._name, self._outputs = name, outputs

    def writable(self) -> bool:
        return True

    def write(self, text: str) -> int:
        self._outputs.write(self._name, text)
        return len(text)

    def isatty(self) -> bool:
        return False


class _Publisher(DisplayPublisher):
    shell: Any  # a Shell

    def publish(
        self,
        data: Output,
        metadata: Any = None,
        source: Any = None,
        *,
        transient: Any = None,
        update: bool = False,
        **_: Any,
    ) -> None:
        output = {"output_type": "display_data", "metadata": {}}
        self.shell.outputs.show(output, data, (transient or {}).get("display_id"), update)

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    shell: Any  # a Shell

    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict: Output, md_dict: Any = None) -> None:
        output = {"output_type": "execute_result", "metadata": {}, "execution_count": self.shell.execution_count}
        self.shell.outputs.show(output, format_dict)

    def finish_displayhook(self) -> None:
        pass


class Shell(InteractiveShell):
    """The shell that a student's notebook runs in. One for each process."""

    def __init__(self, **options: Any) -> None:
        self.outputs = Outputs()
        config = Config()
        # A history would keep a thread, which doesn't survive a fork, and a file.
        config.HistoryManager.enabled = False
        super().__init__(config=config, display_pub_class=_Publisher, displayhook_class=_Hook, **options)
        builtins.input = _nobody_there
        # The same colours, or none, wherever it runs.
        self.colors = "nocolor"

    def init_virtualenv(self) -> None:
        """The environment is the one that this process was started in."""

    def enable_gui(self, gui: Any = None) -> None:
        """There is no screen."""

    def _showtraceback(self, etype: type[BaseException], evalue: Any, stb: Iterable[Any]) -> None:
        self.outputs.fail(etype.__name__, evalue, stb)

    def streams(self) -> tuple[io.TextIOBase, io.TextIOBase]:
        """Two streams that write into the outputs: in place of sys.stdout and sys.stderr."""
        return _Stream("stdout", self.outputs), _Stream("stderr", self.outputs)

    def run(self, source: str) -> tuple[list[Output], int]:
        """Run one cell.

        Returns
        -------
        outputs : list of dict
        count : int
            The number of the cell.
        """
        self.outputs.clear()
        count = self.execution_count
        result = self.run_cell(source, store_history=True)
        error = result.error_before_exec or result.error_in_exec
        if error is not None and not any(output["output_type"] == "error" for output in self.outputs.all):
            self.outputs.fail(type(error).__name__, error, [f"{type(error).__name__}: {error}"])
        return self.outputs.take(), count


def _nobody_there(prompt: object = "") -> NoReturn:
    raise RuntimeError("input() can't be used in a notebook that is graded: nobody is there to answer.")
