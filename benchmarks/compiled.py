"""C, compiled on the spot; `Missing` where there is nothing to compile it with."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from benchmarks.measure import Missing


@cache
def compiled(source: str, *options: str) -> ctypes.CDLL:
    """The library that ``source`` makes, with ``-O3`` and the ``options`` that the compiler knows."""
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None:
        raise Missing("a C compiler that is called cc, gcc or clang")
    with tempfile.TemporaryDirectory() as folder:
        text, loaded = Path(folder, "text.c"), Path(folder, "text.so")
        text.write_text(source)
        command = [compiler, "-O3", "-shared", "-fPIC", "-o", str(loaded), str(text)]
        asked = subprocess.run([*command, *options], check=False, capture_output=True)
        if asked.returncode != 0:
            subprocess.run(command, check=True)
        return ctypes.CDLL(str(loaded))
