"""The server: right types, ranges, caching, and nothing of the disk but the site."""

import gzip
import http.client
import os
import socket
import threading
import time

import pytest

from exhibit.errors import OutputError, UsageError
from exhibit.publish.serve import SiteServer, serve
from exhibit.publish.site import SitePlan
from exhibit.publish.squeezed import Squeezed
from exhibit.publish.webxr.policy import CONTENT_SECURITY_POLICY
from exhibit.publish.write import write

FILES = {
    "index.html": b"<!doctype html><html lang='en'><body>start</body></html>",
    "404.html": b"<!doctype html><title>missing</title>",
    "en/index.html": b"<p>english</p>",
    "relics/lion/hero.glb": bytes(range(256)) * 40,
    "relics/lion/narration.en.vtt": b"WEBVTT\n",
    "relics/lion/poster.webp": b"RIFF",
    "bundle/main-BvRk9kiK.js": b"export {}",
    "bundle/basis.wasm": b"\0asm",
    "manifest.webmanifest": b"{}",
    "relics/\u72ee/label.txt": "石狮".encode(),
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    root = tmp_path_factory.mktemp("serve")
    (root / "secret.txt").write_text("secret")
    write(SitePlan(FILES), root / "site")
    (root / "site" / "empty").mkdir()
    (root / "site" / ".hidden").write_text("hidden")
    if os.name != "nt":
        (root / "site" / "out.txt").symlink_to(root / "secret.txt")
        (root / "site" / "outside").symlink_to(root)
    return root / "site"


@pytest.fixture(scope="module")
def server(folder):
    with SiteServer(folder, "127.0.0.1", 0) as running:
        yield running


def ask(server, path, method="GET", **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer, body


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/", "text/html; charset=utf-8"),
        ("/relics/lion/hero.glb", "model/gltf-binary"),
        ("/relics/lion/poster.webp", "image/webp"),
        ("/relics/lion/narration.en.vtt", "text/vtt; charset=utf-8"),
        ("/bundle/main-BvRk9kiK.js", "text/javascript; charset=utf-8"),
        ("/bundle/basis.wasm", "application/wasm"),
        ("/manifest.webmanifest", "application/manifest+json"),
        ("/relics/%E7%8B%AE/label.txt", "text/plain; charset=utf-8"),
    ],
)
def test_files_have_their_types_and_nobody_guesses(server, path, kind):
    answer, _ = ask(server, path)
    assert answer.status == 200
    assert answer.getheader("Content-Type") == kind
    assert answer.getheader("X-Content-Type-Options") == "nosniff"
    assert answer.getheader("Accept-Ranges") == "bytes"


def test_pages_carry_the_policy(server):
    assert ask(server, "/en/")[0].getheader("Content-Security-Policy") == CONTENT_SECURITY_POLICY


def test_a_folder_without_its_slash_is_sent_there_within_the_site(server):
    answer, _ = ask(server, "/en")
    assert (answer.status, answer.getheader("Location")) == (301, "en/")
    assert ask(server, "//en")[0].getheader("Location") == "en/"  # and not to a host called en
    assert ask(server, "/empty/")[0].status == 404


def test_head_says_the_same_without_a_body(server):
    head, body = ask(server, "/relics/lion/hero.glb", "HEAD")
    assert body == b""
    assert head.getheader("Content-Length") == str(256 * 40)


@pytest.mark.parametrize(
    ("header", "first", "end"),
    [
        ("bytes=0-0", 0, 1),
        ("bytes=10-19", 10, 20),
        ("bytes=10000-", 10000, 10240),
        ("bytes=-5", 10235, 10240),
        ("bytes=-99999", 0, 10240),
        ("bytes=10239-99999", 10239, 10240),
    ],
)
def test_a_range_is_that_range(server, header, first, end):
    answer, body = ask(server, "/relics/lion/hero.glb", Range=header)
    assert answer.status == 206
    assert answer.getheader("Content-Range") == f"bytes {first}-{end - 1}/10240"
    assert body == FILES["relics/lion/hero.glb"][first:end]


@pytest.mark.parametrize("header", ["bytes=10240-", "bytes=20000-20001", "bytes=-0"])
def test_a_range_outside_is_416_with_the_size(server, header):
    answer, body = ask(server, "/relics/lion/hero.glb", Range=header)
    assert (answer.status, answer.getheader("Content-Range"), body) == (416, "bytes */10240", b"")


@pytest.mark.parametrize("header", ["bytes=5-4", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5", "bytes=-", "bytes"])
def test_what_is_no_single_range_gets_the_whole_file(server, header):
    answer, body = ask(server, "/relics/lion/hero.glb", Range=header)
    assert answer.status == 200 and len(body) == 10240


def test_a_range_of_a_changed_file_gets_it_whole(server):
    etag = ask(server, "/relics/lion/hero.glb")[0].getheader("ETag")
    assert ask(server, "/relics/lion/hero.glb", Range="bytes=0-9", If_Range=etag)[0].status == 206
    assert ask(server, "/relics/lion/hero.glb", Range="bytes=0-9", If_Range='"old"')[0].status == 200


def test_a_current_copy_is_not_sent_again(server):
    first, _ = ask(server, "/en/")
    tag = first.getheader("ETag")
    since = {"If_Modified_Since": first.getheader("Last-Modified")}
    for headers in ({"If_None_Match": tag}, {"If_None_Match": f'W/"x", W/{tag}'}, since):
        answer, body = ask(server, "/en/", **headers)
        assert (answer.status, body) == (304, b"")
    assert ask(server, "/en/", If_None_Match='"other"')[0].status == 200
    assert ask(server, "/en/", If_Modified_Since="nonsense")[0].status == 200


def test_only_scripts_named_by_their_content_are_kept_for_ever(server):
    assert "immutable" in ask(server, "/bundle/main-BvRk9kiK.js")[0].getheader("Cache-Control")
    for path in ("/en/", "/relics/lion/hero.glb", "/bundle/basis.wasm"):
        assert ask(server, path)[0].getheader("Cache-Control") == "no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/%2e%2e/secret.txt",
        "/en/..%2f..%2fsecret.txt",
        "/..%5csecret.txt",
        "/en/%2e%2e/%2e%2e/secret.txt",
        "//../secret.txt",
        "/out.txt",
        "/outside/secret.txt",
        "/.hidden",
        "/.exhibit-site.json",
        "/%00",
        "/%ff",
        "/C:/windows/win.ini",
        "/" + "a" * 5000,
        "/index.html/",
        "/nothing",
        "*",
    ],
)
def test_nothing_but_the_site_is_ever_sent(server, path):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.putrequest("GET", path, skip_host=False)
    connection.endheaders()
    answer = connection.getresponse()
    body = answer.read()
    assert answer.status == 404, body
    assert b"secret" not in body and b"hidden" not in body
    assert b"missing" in body
    connection.close()


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_other_methods_are_refused(server, method):
    answer, _ = ask(server, "/", method)
    assert (answer.status, answer.getheader("Allow")) == (501, "GET, HEAD")


def test_one_connection_serves_many_requests(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    for path in ("/", "/nothing", "/en", "/en/", "/relics/lion/hero.glb"):
        connection.request("GET", path)
        connection.getresponse().read()
    connection.close()


def test_a_busy_port_gives_the_next_one(folder, server):
    with SiteServer(folder, "127.0.0.1", server.port) as second:
        assert second.port != server.port
        assert ask(second, "/")[0].status == 200


def test_an_address_that_is_not_here_is_one_sentence(folder):
    with pytest.raises(OutputError, match="nothing can listen"):
        SiteServer(folder, "203.0.113.1", 8000)


def test_a_folder_without_a_site_is_one_sentence(tmp_path):
    with pytest.raises(UsageError, match="no site"):
        serve(tmp_path)


def test_serving_ends_when_asked_and_frees_the_port(folder):
    stop, addresses = threading.Event(), []

    def ready(address):
        addresses.append(address)
        stop.set()

    serve(folder, port=0, on_ready=ready, stop=stop)
    port = int(addresses[0].rsplit(":", 1)[1].strip("/"))
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def test_watching_adds_a_script_and_tells_of_a_new_build(tmp_path):
    write(SitePlan({"index.html": FILES["index.html"]}), tmp_path)
    with SiteServer(tmp_path, "127.0.0.1", 0, watch=True) as server:
        assert b'<script type="module" src="/__reload.js"></script>\n</body>' in ask(server, "/")[1]
        assert ask(server, "/__reload.js")[0].getheader("Content-Type").startswith("text/javascript")
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("GET", "/__reload")
        answer = connection.getresponse()
        assert answer.getheader("Content-Type") == "text/event-stream"
        assert answer.fp.readline() == b"retry: 1000\n"
        time.sleep(0.05)
        write(SitePlan({"index.html": b"<body>new</body>"}), tmp_path)
        lines = [answer.fp.readline() for _ in range(3)]
        assert b"event: rebuilt\n" in lines
        connection.close()
    with SiteServer(tmp_path, "127.0.0.1", 0) as server:
        assert b"__reload" not in ask(server, "/")[1]
        assert ask(server, "/__reload")[0].status == 404


SCRIPT = b"export const walk = (steps) => steps.map((step) => step + 1);\n" * 400


@pytest.fixture(scope="module")
def texts(tmp_path_factory):
    root = tmp_path_factory.mktemp("texts")
    files = FILES | {"bundle/main-BvRk9kiK.js": SCRIPT, "404.html": b"<!doctype html><p>missing</p>" * 99,
                     "relics/lion/room.ktx2": SCRIPT, "relics/lion/big.webp": SCRIPT}  # fmt: skip
    write(SitePlan(files), root)
    with SiteServer(root, "127.0.0.1", 0) as running:
        yield running


@pytest.mark.parametrize("wish", ["gzip", "gzip, deflate, br", "br;q=1, gzip;q=0.5", "*"])
def test_texts_go_compressed_to_who_takes_it(texts, wish):
    for _ in range(2):  # the second comes from memory
        answer, body = ask(texts, "/bundle/main-BvRk9kiK.js", Accept_Encoding=wish)
        assert (answer.status, answer.getheader("Content-Encoding")) == (200, "gzip")
        assert gzip.decompress(body) == SCRIPT and len(body) < len(SCRIPT) / 10
        assert answer.getheader("Content-Length") == str(len(body))
        assert answer.getheader("Vary") == "Accept-Encoding" and "immutable" in answer.getheader("Cache-Control")
    head, nothing = ask(texts, "/bundle/main-BvRk9kiK.js", "HEAD", Accept_Encoding=wish)
    assert (head.getheader("Content-Length"), nothing) == (str(len(body)), b"")
    missing, page = ask(texts, "/nothing", Accept_Encoding=wish)
    assert missing.status == 404 and b"missing" in gzip.decompress(page)


@pytest.mark.parametrize("wish", [None, "", "identity", "br", "gzip;q=0", "*;q=0", "gzip;q=x"])
def test_texts_go_plain_to_who_does_not(texts, wish):
    headers = {} if wish is None else {"Accept_Encoding": wish}
    answer, body = ask(texts, "/bundle/main-BvRk9kiK.js", **headers)
    assert (answer.getheader("Content-Encoding"), body) == (None, SCRIPT)
    assert answer.getheader("Vary") == "Accept-Encoding"  # else a cache would hand it to others


@pytest.mark.parametrize("path", ["relics/lion/hero.glb", "relics/lion/room.ktx2", "relics/lion/big.webp", "en/"])
def test_what_is_compressed_already_and_what_is_tiny_goes_as_it_is(texts, path):
    answer, _ = ask(texts, f"/{path}", Accept_Encoding="gzip")
    assert (answer.status, answer.getheader("Content-Encoding")) == (200, None)


def test_a_range_of_a_text_is_of_the_plain_text(texts):
    answer, body = ask(texts, "/bundle/main-BvRk9kiK.js", Accept_Encoding="gzip", Range="bytes=7-19")
    assert (answer.status, answer.getheader("Content-Encoding"), body) == (206, None, SCRIPT[7:20])


def test_a_compressed_copy_is_known_again_and_is_no_plain_copy(texts):
    path = "/bundle/main-BvRk9kiK.js"
    tag = ask(texts, path, Accept_Encoding="gzip")[0].getheader("ETag")
    assert tag != ask(texts, path)[0].getheader("ETag")
    assert ask(texts, path, Accept_Encoding="gzip", If_None_Match=tag)[0].status == 304
    assert ask(texts, path, If_None_Match=tag)[0].status == 200
    assert ask(texts, path, Range="bytes=0-9", If_Range=tag)[0].status == 200


def test_compressed_texts_leave_memory_when_there_are_many_and_change_with_their_file():
    squeezed, reads = Squeezed(budget_bytes=100), []

    def read(name):
        return lambda: reads.append(name) or name.encode() * 50

    assert gzip.decompress(squeezed.get("a", '"1"', read("old"))) == b"old" * 50
    assert gzip.decompress(squeezed.get("a", '"2"', read("new"))) == b"new" * 50
    for name in "bcdef":
        squeezed.get(name, '"1"', read(name))
    squeezed.get("f", '"1"', read("f"))
    squeezed.get("b", '"1"', read("b"))
    assert reads == ["old", "new", *"bcdef", "b"]
