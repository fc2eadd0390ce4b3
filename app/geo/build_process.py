"""Run one builder of reference data in a process of its own, and be that process.

Building needs hundreds of megabytes for seconds; a process gives them back at once, and a
crash in it stays in it. Imports errors only; the builder itself is named, and imported there.
"""

import importlib
import json
import os
import resource
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import IO, Any

from app.errors import BuildError

Builder = Callable[[Mapping[str, Path], Path, Callable[[float], None]], None]
"""Makes ``output``, a file or a directory, of its ``inputs``, telling its progress (0 to 1)."""


def run_builder(
    builder: str,
    inputs: Mapping[str, Path],
    output: Path,
    progress: Callable[[float], None],
    *,
    inherit: tuple[int, ...] = (),
) -> float:
    """Run ``builder`` (``"module:function"``) and return its peak memory in megabytes.

    The process ends when this one does, however this one ends. ``inherit`` are file
    descriptors that it keeps open until then: a lock stays locked while it still writes.

    Raises :class:`BuildError` with what went wrong inside.
    """
    task = {
        "builder": builder,
        "inputs": {name: str(path) for name, path in inputs.items()},
        "output": str(output),
    }
    process = subprocess.Popen(  # noqa: S603 - no shell; every word is ours
        [sys.executable, "-m", __name__, json.dumps(task)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        pass_fds=inherit,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
    )
    last: dict[str, Any] = {}
    try:
        assert process.stdout is not None  # noqa: S101 - follows from PIPE above
        for line in process.stdout:
            last = json.loads(line)
            if "progress" in last:
                progress(last["progress"])
        code = process.wait()
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                stream.close()
    if "error" in last:
        error = BuildError(last["error"])
        error.add_note(last["traceback"])
        raise error
    if code < 0:
        raise BuildError(f"was killed by signal {-code}; is there memory enough?")
    if "peak_mb" not in last:
        raise BuildError(f"ended early, with exit code {code}")
    return float(last["peak_mb"])


def _peak_mb() -> float:
    # getrusage also counts what the parent used before exec, so ask the kernel where it tells.
    try:
        for line in Path("/proc/self/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def _end_with_parent() -> None:
    os.read(0, 1)  # nothing is ever sent: this returns when the other end is gone
    os._exit(1)


def _say(stream: IO[str], **message: object) -> None:
    stream.write(json.dumps(message) + "\n")
    stream.flush()


def main() -> int:
    """Do the task given as JSON in the first argument; messages go out as JSON lines."""
    channel, sys.stdout = sys.stdout, sys.stderr  # what a builder prints is no message
    threading.Thread(target=_end_with_parent, daemon=True).start()
    task = json.loads(sys.argv[1])
    module, _, function = task["builder"].partition(":")
    told = -1.0

    def progress(fraction: float) -> None:
        nonlocal told
        if fraction >= told + 0.01 or fraction >= 1.0:
            told = fraction
            _say(channel, progress=fraction)

    try:
        build: Builder = getattr(importlib.import_module(module), function)
        inputs = {name: Path(path) for name, path in task["inputs"].items()}
        build(inputs, Path(task["output"]), progress)
    except Exception as error:  # every failure is told to the parent, which raises it
        told_error = str(error) or type(error).__name__
        if not isinstance(error, (OSError, BuildError)):
            told_error = f"{type(error).__name__}: {told_error}"
        _say(channel, error=told_error, traceback=traceback.format_exc())
        return 1
    _say(channel, peak_mb=_peak_mb())
    return 0


if __name__ == "__main__":
    # At once: numpy and friends need no orderly shutdown, and the watching thread has none.
    code = main()
    sys.stderr.flush()
    os._exit(code)
