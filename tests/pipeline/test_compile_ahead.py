import subprocess
import sys

import pytest

from exhibit.pipeline.compile_ahead import compile_ahead, compiling

COMPILED = """
import sys
from numba.core import event

class Names(event.Listener):
    def on_start(self, event):
        function = event.data["dispatcher"].py_func
        if function.__module__.startswith("exhibit."):
            print("compiled", function.__qualname__)
    def on_end(self, event):
        pass

event.register("numba:compile", Names())
from exhibit.pipeline.compile_ahead import compile_ahead
compile_ahead()
"""


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / name)
    monkeypatch.setattr("os.cpu_count", lambda: 2)
    return tmp_path


def test_it_is_due_once(own_cache):
    assert compiling() is not None
    compile_ahead()
    assert compiling() is None


def test_it_is_due_again_when_the_code_changed(own_cache, monkeypatch):
    compile_ahead()
    package = own_cache / "package"
    (package / "geometry").mkdir(parents=True)
    (package / "geometry" / "project.py").write_text("changed")
    monkeypatch.setattr("exhibit.pipeline.compile_ahead.PACKAGE", package)
    assert compiling() is not None


def test_it_is_not_done_where_there_is_no_core_for_it(own_cache, monkeypatch):
    monkeypatch.setattr("os.cpu_count", lambda: 1)
    assert compiling() is None


def test_a_cache_that_cannot_be_written_is_no_fault(own_cache):
    (own_cache / "exhibit").write_text("a file where the folder should be")
    compile_ahead()
    assert compiling() is not None


def test_what_it_compiled_is_there_for_the_next_process():
    compile_ahead()
    said = subprocess.run([sys.executable, "-c", COMPILED], capture_output=True, text=True, check=True).stdout
    assert said == ""
