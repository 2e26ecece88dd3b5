import hashlib
import json
import stat
import subprocess
import sys

import pytest

from orchestration.publication.durable import (
    append_line,
    file_lock,
    sha256_of,
    write_json,
)


def test_file_is_replaced_whole_and_leaves_nothing_behind(tmp_path):
    path = tmp_path / "state" / "record.json"
    write_json(path, {"b": 1, "a": "ö"})
    write_json(path, {"b": 2}, mode=0o444)
    write_json(path, {"b": 3}, mode=0o444)
    assert json.loads(path.read_text()) == {"b": 3}
    assert stat.S_IMODE(path.stat().st_mode) == 0o444
    assert list(path.parent.iterdir()) == [path]


def test_same_data_gives_the_same_bytes(tmp_path):
    write_json(tmp_path / "one", {"b": 1, "a": 2})
    write_json(tmp_path / "two", {"a": 2, "b": 1})
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_hash_is_that_of_the_bytes(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"x" * 3_000_000)
    assert sha256_of(path) == hashlib.sha256(b"x" * 3_000_000).hexdigest()


def test_lines_of_many_processes_stay_whole(tmp_path):
    path = tmp_path / "lines"
    code = (
        "import sys; from pathlib import Path\n"
        "from orchestration.publication.durable import append_line\n"
        "for _ in range(20): append_line(Path(sys.argv[1]), sys.argv[2] * 500)"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", code, str(path), letter])
        for letter in "ab"
    ]
    assert [writer.wait() for writer in writers] == [0, 0]
    assert sorted(path.read_text().splitlines()) == ["a" * 500] * 20 + ["b" * 500] * 20
    append_line(path, "end")
    assert path.read_text().endswith("\nend\n")


def test_lock_keeps_others_out_until_it_is_freed(tmp_path):
    path = tmp_path / "releases" / ".lock"
    with file_lock(path, 0), pytest.raises(BlockingIOError), file_lock(path, 0.1):
        pass
    with file_lock(path, 0):
        pass


def test_lock_of_a_killed_process_is_free(tmp_path):
    path = tmp_path / ".lock"
    code = (
        "import os, signal, sys; from pathlib import Path\n"
        "from orchestration.publication.durable import file_lock\n"
        "with file_lock(Path(sys.argv[1]), 0): os.kill(os.getpid(), signal.SIGKILL)"
    )
    assert (
        subprocess.run([sys.executable, "-c", code, path], check=False).returncode < 0
    )
    with file_lock(path, 0):
        pass
