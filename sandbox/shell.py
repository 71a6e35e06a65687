"""An IPython shell without a kernel: runs a cell in this process and gives its outputs as a notebook has them."""

import builtins
import io

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

# A cell may print, and draw, this much; the rest is dropped, and a line says so.
MOST_TEXT = 200_000
MOST_DATA = 6_000_000
MOST_OUTPUTS = 500
CUT = "\n... more was printed, and is left out here.\n"


class Outputs:
    """The outputs of one cell: a list of nbformat outputs as plain dicts, limited in size."""

    def __init__(self):
        self.clear()

    def clear(self):
        """Forget them all; what was counted against the limits is given back."""
        self.all, self._text, self._data = [], 0, 0

    def write(self, stream, text):
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

    def show(self, output, data, name=None, update=False):
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

    def fail(self, name, message, traceback):
        """Add an error; it is never left out."""
        lines = [str(line)[:20_000] for line in list(traceback)[:200]]
        self.all.append({"output_type": "error", "ename": str(name), "evalue": str(message)[:2000], "traceback": lines})

    def take(self):
        """The outputs, ready for a notebook."""
        ready = []
        for output in self.all:
            output = {key: value for key, value in output.items() if key != "display"}
            if output["output_type"] == "stream":
                output["text"] = "".join(output["text"])
            ready.append(output)
        self.clear()
        return ready


def _text(content):
    """Pictures come as bytes, notebooks keep them as base64; other things as they look."""
    if isinstance(content, bytes):
        import base64

        return base64.b64encode(content).decode()
    return str(content)


class _Stream(io.TextIOBase):
    """sys.stdout or sys.stderr while a cell runs."""

    encoding = "utf-8"

    def __init__(self, name, outputs):
        self._name, self._outputs = name, outputs

    def writable(self):
        return True

    def write(self, text):
        self._outputs.write(self._name, text)
        return len(text)

    def isatty(self):
        return False


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, source=None, *, transient=None, update=False, **_):
        output = {"output_type": "display_data", "metadata": {}}
        self.shell.outputs.show(output, data, (transient or {}).get("display_id"), update)

    def clear_output(self, wait=False):
        self.shell.outputs.clear()


class _Hook(DisplayHook):
    def write_output_prompt(self):
        pass

    def write_format_data(self, format_dict, md_dict=None):
        output = {"output_type": "execute_result", "metadata": {}, "execution_count": self.shell.execution_count}
        self.shell.outputs.show(output, format_dict)

    def finish_displayhook(self):
        pass


class Shell(InteractiveShell):
    """The shell that a student's notebook runs in. One for each process."""

    def __init__(self, **options):
        self.outputs = Outputs()
        config = Config()
        # A history would keep a thread, which doesn't survive a fork, and a file.
        config.HistoryManager.enabled = False
        super().__init__(config=config, display_pub_class=_Publisher, displayhook_class=_Hook, **options)
        builtins.input = _nobody_there
        # The same colours, or none, wherever it runs.
        self.colors = "nocolor"

    def init_virtualenv(self):
        """The environment is the one that this process was started in."""

    def enable_gui(self, gui=None):
        """There is no screen."""

    def _showtraceback(self, etype, evalue, stb):
        self.outputs.fail(etype.__name__, evalue, stb)

    def streams(self):
        """Two streams that write into the outputs: in place of sys.stdout and sys.stderr."""
        return _Stream("stdout", self.outputs), _Stream("stderr", self.outputs)

    def run(self, source):
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


def _nobody_there(prompt=""):
    raise RuntimeError("input() can't be used in a notebook that is graded: nobody is there to answer.")
