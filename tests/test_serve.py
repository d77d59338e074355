"""The preview answers this machine's own pages alone, and keeps them in step with the files."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from email.message import Message
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Browser, Page, expect

from geo.pipeline.build import build_atlas
from geo.serve.server import EVENTS_PATH, KEPT, LEFT_OVER, PageServer, find_page, live_page
from geo.serve.watch import poll, watch
from tests.small import THREE_MAPS

ROOT = THREE_MAPS.parents[2]


@pytest.fixture(scope="module")
def maps(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built pages, and beside them what no request may reach."""
    place: Path = tmp_path_factory.mktemp("serve")
    build_atlas(THREE_MAPS, place / "maps")
    (place / "secret.txt").write_text("secret")
    (place / "maps" / ".hidden.html").write_text("hidden")
    (place / "maps" / ".git").mkdir()
    (place / "maps" / ".git" / "config").write_text("hidden")
    (place / "maps" / "link.html").symlink_to(place / "secret.txt")
    (place / "maps" / "out").symlink_to(place)
    (place / "maps" / "to-hidden.html").symlink_to(place / "maps" / ".hidden.html")
    (place / "maps" / "more").mkdir()
    (place / "maps" / "more" / "file.csv").write_text("a,b")
    os.mkfifo(place / "maps" / "pipe")
    return place / "maps"


@pytest.fixture
def server(maps: Path) -> Iterator[PageServer]:
    with PageServer(maps, port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        server.news.tell([])
        yield server
        server.news.tell([], is_over=True)
        server.shutdown()


class Answer(NamedTuple):
    status: int
    headers: Message
    data: bytes


def ask(server: PageServer, path: str, method: str = "GET", host: str | None = None, **headers: str) -> Answer:
    """Send just these headers (PORT stands for the server's, _ for -) and give the answer."""
    with closing(http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)) as connection:
        connection.putrequest(method, path, skip_host=True, skip_accept_encoding=True)
        connection.putheader("Host", host or f"127.0.0.1:{server.server_port}")
        for name, value in headers.items():
            connection.putheader(name.replace("_", "-"), value.replace("PORT", str(server.server_port)))
        connection.endheaders()
        with connection.getresponse() as answer:
            return Answer(answer.status, answer.headers, answer.read())


def test_serves_the_pages_and_nothing_changes_on_disk(server: PageServer, maps: Path) -> None:
    before = (maps / "index.html").read_bytes()
    for path in ("/", "/index.html"):
        answer = ask(server, path)
        text = answer.data.decode()
        assert (answer.status, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
        assert answer.headers["Cache-Control"] == "no-store"
        assert "new EventSource" in text
    assert (maps / "index.html").read_bytes() == before
    assert ask(server, "/more/file.csv").data == b"a,b"


def test_only_this_machine_is_answered(server: PageServer) -> None:
    assert server.server_address[0] == "127.0.0.1"
    others = {address[4][0] for address in socket.getaddrinfo(socket.gethostname(), None)} - {"127.0.0.1", "::1"}
    for address in others:
        with socket.socket(socket.AF_INET6 if ":" in str(address) else socket.AF_INET) as other:
            other.settimeout(2)
            assert other.connect_ex((str(address), server.server_port)) != 0


@pytest.mark.parametrize(
    "path",
    [
        "/nothing.html", "/../secret.txt", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..\\secret.txt", "/link.html",
        "/out/secret.txt", "/to-hidden.html", "//secret.txt", "/./index.html", "/.hidden.html", "/.git/config",
        "/%2egit/config", "/more", "/more/", "/pipe", "/index.html%00.txt", "/index.html/", "/C:/secret.txt", "/%ff%fe",
        f"/{300 * 'x'}.html",
    ],
)  # fmt: skip
def test_nothing_outside_hidden_or_odd_is_found(server: PageServer, path: str) -> None:
    assert ask(server, path).status == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT"])
def test_only_get_and_head(server: PageServer, method: str) -> None:
    answer = ask(server, "/index.html", method)
    assert (answer.status, answer.headers["Allow"]) == (405, "GET, HEAD")


def test_head_is_get_without_the_page(server: PageServer) -> None:
    answer, whole = ask(server, "/energy.html", "HEAD"), ask(server, "/energy.html")
    assert (answer.status, answer.data) == (200, b"")
    assert answer.headers["Content-Length"] == whole.headers["Content-Length"]


@pytest.mark.parametrize(
    "host", ["example.org", "127.0.0.1", "127.0.0.1:1", "localhost", "[::1]:8000", "127.0.0.1.nip.io"]
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
def test_another_host_is_misdirected(server: PageServer, host: str, method: str) -> None:
    assert ask(server, "/", method, host=host).status == 421


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://127.0.0.1:PORT"}, 200),
        ({"Origin": "http://localhost:PORT"}, 200),
        ({"Origin": "https://127.0.0.1:PORT"}, 421),
        ({"Origin": "http://127.0.0.1"}, 421),
        ({"Origin": "https://example.org"}, 421),
        ({"Origin": "null"}, 421),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors", "Sec_Fetch_Dest": "script"}, 421),
        ({"Sec_Fetch_Site": "same-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "iframe"}, 421),
        ({"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}, 200),
        ({"Sec_Fetch_Site": "none", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}, 200),
    ],
)
def test_a_request_from_elsewhere_is_misdirected(server: PageServer, headers: dict[str, str], status: int) -> None:
    assert ask(server, "/", **headers).status == status


def test_a_proxys_request_is_misdirected(server: PageServer) -> None:
    assert ask(server, f"http://127.0.0.1:{server.server_port}/index.html").status == 421


def test_a_page_hears_of_problems_and_of_its_new_version(server: PageServer, maps: Path) -> None:
    with closing(http.client.HTTPConnection(f"127.0.0.1:{server.server_port}", timeout=10)) as connection:
        connection.request("GET", f"{EVENTS_PATH}?page=/energy.html")
        with connection.getresponse() as stream:
            assert stream.headers["Content-Type"] == "text/event-stream"
            first = read_event(stream)
            assert first["problems"] == []
            server.news.tell(["1 problem.", "dams.csv:2: what is wrong."])
            assert read_event(stream) == first | {"problems": ["1 problem.", KEPT, "dams.csv:2: what is wrong."]}
            page = maps / "energy.html"
            page.write_bytes(page.read_bytes() + b"\n")
            server.news.tell([])
            assert read_event(stream)["version"] != first["version"]


def test_a_page_hears_that_its_map_is_no_more(server: PageServer) -> None:
    with closing(http.client.HTTPConnection(f"127.0.0.1:{server.server_port}", timeout=10)) as connection:
        connection.request("GET", f"{EVENTS_PATH}?page=/energy.html")
        with connection.getresponse() as stream:
            first = read_event(stream)
            server.news.tell([], left_over=["energy.html"])
            assert read_event(stream) == first | {"problems": [LEFT_OVER], "is_left": True}
            server.news.tell(["1 problem."])  # of a build that did not come to an end
            assert read_event(stream)["problems"] == ["1 problem.", KEPT, LEFT_OVER]
            server.news.tell([], left_over=[])
            assert read_event(stream) == first


def read_event(stream: http.client.HTTPResponse) -> dict[str, object]:
    while not (line := stream.readline()).startswith(b"data: "):
        assert line
    event: dict[str, object] = json.loads(line[len(b"data: ") :])
    return event


@pytest.mark.parametrize("page", ["%25ff", "//[", "/%00", f"/{300 * 'x'}.html"])
def test_of_an_odd_address_there_is_no_news(server: PageServer, capfd: pytest.CaptureFixture[str], page: str) -> None:
    with closing(http.client.HTTPConnection(f"127.0.0.1:{server.server_port}", timeout=10)) as connection:
        connection.request("GET", f"{EVENTS_PATH}?page={page}")
        with connection.getresponse() as stream:
            assert read_event(stream)["version"] is None
    assert capfd.readouterr().err == ""


def test_find_page_gives_files_of_the_folder(maps: Path) -> None:
    assert find_page(maps, "/energy.html?x=1#y") == maps / "energy.html"
    assert find_page(maps, "/") == maps / "index.html"


def test_the_policy_lets_the_live_script_run_and_nothing_more() -> None:
    policy = "default-src 'none'; script-src 'sha256-x'; style-src 'sha256-y'"
    html = f'<meta http-equiv="Content-Security-Policy" content="{policy}"></head><body></body>'
    assert "content=\"connect-src 'self'; default-src 'none'; script-src 'sha256-" in live_page(
        html, page="/", version=""
    )


@pytest.mark.parametrize("changes", [watch, poll])
def test_changed_files_are_named(tmp_path: Path, changes: object) -> None:
    atlas = Path(shutil.copytree(THREE_MAPS, tmp_path / "atlas"))
    found = changes(atlas, without=atlas / "maps")  # type: ignore[operator]
    assert next(found) == []
    (atlas / "maps").mkdir()
    for name in ("maps/index.html", ".dams.csv.swp", ".~lock.dams.csv#", "dams.csv~"):
        (atlas / name).write_text("an editor's or a build's own")
    (atlas / "dams.csv").write_text("id,name\n")
    assert next(found) == ["dams.csv"]
    (atlas / "dams.csv").unlink()
    (atlas / "posts.csv").write_text("id,name\n")
    named = set(next(found))
    (atlas / "last.csv").write_text("id,name\n")  # what comes before it may be named in one go or two
    while "last.csv" not in named:
        named.update(next(found))
    assert named == {"dams.csv", "posts.csv", "last.csv"}
    found.close()


def test_a_folder_that_goes_while_it_is_looked_at_is_passed_over(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "posts").mkdir()
    for name in ("dams.csv", "posts/kant.csv"):
        (tmp_path / name).write_text("id\n")
    found = poll(tmp_path, without=tmp_path / "maps")
    next(found)
    scan = os.scandir

    def scan_late(place: str) -> object:
        if Path(place).name == "posts" and Path(place).exists():
            (Path(place) / "kant.csv").unlink()
            Path(place).rmdir()
        return scan(place)

    monkeypatch.setattr(os, "scandir", scan_late)
    assert next(found) == ["posts/kant.csv"]


class Running:
    """A real `serve` process on a copy of three_maps."""

    def __init__(self, place: Path) -> None:
        self.atlas = Path(shutil.copytree(THREE_MAPS, place / "atlas"))
        self.out = place / "maps"
        self.log = place / "log.txt"
        command = [sys.executable, str(ROOT / "build_maps.py"), "serve", str(self.atlas), "--out", str(self.out)]
        with self.log.open("w") as log:
            self.process = subprocess.Popen([*command, "--port", "0"], stdout=log, stderr=subprocess.STDOUT)
        self.url = self.wait_for("serving ").split()[1]
        self.wait_for("index.html")

    def wait_for(self, *words: str) -> str:
        """Give the first line of the terminal with all these words, once it is there."""
        for _ in range(300):
            for line in self.log.read_text().splitlines(keepends=True):
                if all(word in line for word in words) and line.endswith("\n"):
                    return line
            assert self.process.poll() is None, self.log.read_text()
            time.sleep(0.1)
        raise TimeoutError(f"no {words!r} in:\n{self.log.read_text()}")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.atlas / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()


@pytest.fixture
def page(chromium: Browser) -> Iterator[Page]:
    """A page in a browser that may ask 127.0.0.1; whatever it says in the console fails the test."""
    said: list[str] = []
    page = chromium.new_page()
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    yield page
    page.close()
    assert said == []


@pytest.mark.browser
def test_an_open_page_follows_the_files_and_keeps_its_state(running: Running, page: Page) -> None:
    page.goto(f"{running.url}energy.html")
    page.get_by_placeholder("Search").first.fill("Toktogul")
    page.get_by_role("option", name="Toktogul").first.click()
    card = page.get_by_role("heading", name="Toktogul", level=2)
    expect(card).to_be_visible()
    wait_for_address(page, "card=dams/toktogul")
    running.edit("atlas.toml", '[maps.energy]\ntitle = "Energy"', '[maps.energy]\ntitle = "Power"')
    expect(page).to_have_title("Power", timeout=15_000)
    expect(card).to_be_visible()
    assert running.wait_for("energy.html (").endswith("not built before\n")
    assert "atlas.toml [maps.energy] changed" in running.wait_for("[maps.energy]")

    running.edit("dams.csv", "1860", "plenty")
    alert = page.get_by_role("alert")
    expect(alert).to_contain_text("1 problem.", timeout=15_000)
    expect(alert).to_contain_text(KEPT)
    expect(alert).to_contain_text("dams.csv:2 row 1 column \"capacity_mw\": 'plenty' is not a number")
    assert "[TABLE_NUMBER]" in running.wait_for("is not a number")
    assert page.title() == "Power"

    running.edit("dams.csv", "plenty", "1900")
    expect(alert).to_be_hidden(timeout=15_000)
    running.edit("atlas.toml", "[maps.energy]", "[maps.power]")
    expect(alert).to_contain_text("atlas.toml has no such map any more", timeout=15_000)
    alert.get_by_role("link", name="All maps").click()
    expect(page.get_by_role("link", name="Power")).to_be_visible()
    assert "EventSource" not in (running.out / "energy.html").read_text(encoding="utf-8")


def wait_for_address(page: Page, words: str) -> None:
    """Wait until the page has written its state into the address; its policy forbids Playwright's own way to wait."""
    for _ in range(100):
        if words in page.evaluate("location.hash"):
            return
        page.wait_for_timeout(50)
    raise TimeoutError(f"no {words} in {page.url}")


@pytest.mark.browser
def test_the_first_build_may_fail(tmp_path: Path, chromium: Browser) -> None:
    page = chromium.new_page()
    with PageServer(tmp_path / "maps", port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        server.news.tell(["dams.csv:2: what is wrong."])
        with page.expect_response(server.url) as response:
            page.goto(server.url)
        assert response.value.status == 503
        expect(page.get_by_role("alert")).to_contain_text("dams.csv:2: what is wrong.")
        build_atlas(THREE_MAPS, tmp_path / "maps")
        server.news.tell([])
        expect(page.get_by_role("link", name="Energy")).to_be_visible()
        page.close()
        server.news.tell([], is_over=True)
        server.shutdown()


@pytest.mark.parametrize("path", ["/", "/energy.html"])
def test_before_the_first_build_is_done_a_page_waits_for_it(maps: Path, path: str) -> None:
    with PageServer(maps.parent / "none", port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        answer = ask(server, path)
        assert (answer.status, answer.headers["Content-Type"]) == (503, "text/html; charset=utf-8")
        assert b"<p>It appears here once it is built.</p>" in answer.data
        assert b"EventSource" in answer.data
        assert ask(server, "/style.css").status == 404
        server.news.tell(["dams.csv:2: what is wrong."])
        assert ask(server, path).data == answer.data
        server.news.tell([])
        assert ask(server, path).status == 404
        server.shutdown()


@pytest.mark.browser
@pytest.mark.parametrize(("path", "said"), [("energy.html", "Energy"), ("none.html", "there is no such page")])
def test_a_page_that_waits_for_the_first_build_shows_what_came_of_it(
    tmp_path: Path, chromium: Browser, path: str, said: str
) -> None:
    page = chromium.new_page()
    with PageServer(tmp_path / "maps", port=0) as server:
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
        page.goto(f"{server.url}{path}")
        expect(page.get_by_text("It appears here")).to_be_visible()
        server.news.tell(["1 problem.", "dams.csv:2: what is wrong."])
        expect(page.get_by_role("alert")).to_have_text("1 problem.\ndams.csv:2: what is wrong.")
        expect(page.get_by_text("being built")).not_to_be_visible()
        build_atlas(THREE_MAPS, tmp_path / "maps")
        server.news.tell([], is_building=True)  # of the maps that are open; others may follow
        server.news.tell([])
        expect(page.get_by_text(said).first).to_be_visible()
        page.close()
        server.news.tell([], is_over=True)
        server.shutdown()


def test_a_map_that_is_open_is_built_first_and_ctrl_c_does_not_wait_for_it(running: Running) -> None:
    with closing(http.client.HTTPConnection(running.url.split("/")[2], timeout=30)) as connection:
        connection.request("GET", f"{EVENTS_PATH}?page=/everything.html")
        with connection.getresponse() as stream:
            version = read_event(stream)["version"]
            running.edit("dams.csv", "1860", "1900")
            assert read_event(stream)["version"] != version
            running.wait_for("index.html", "dams.csv changed")
            wrote = [
                line.split("/")[-1].split()[0] for line in running.log.read_text().splitlines() if "dams.csv" in line
            ]
            assert wrote == ["everything.html", "energy.html", "index.html"]
            running.process.send_signal(signal.SIGINT)
            assert running.process.wait(timeout=10) == 130
    assert running.log.read_text().endswith("stopped\n")
    assert "Traceback" not in running.log.read_text()


def test_a_page_that_is_no_map_keeps_no_other_from_being_built_first(running: Running) -> None:
    (running.out / "changes.html").write_text("<body></body>")
    with ExitStack() as stack:
        for page in ("changes", "everything"):
            connection = http.client.HTTPConnection(running.url.split("/")[2], timeout=30)
            stack.enter_context(closing(connection))
            connection.request("GET", f"{EVENTS_PATH}?page=/{page}.html")
            read_event(stack.enter_context(connection.getresponse()))
        running.edit("dams.csv", "1860", "1900")
        running.wait_for("index.html", "dams.csv changed")
    lines = [line for line in running.log.read_text().splitlines() if "dams.csv changed" in line]
    assert "/everything.html (" in lines[0]


def test_a_mistake_taken_back_leaves_every_map_current(running: Running) -> None:
    running.edit("dams.csv", "1860", "plenty")
    running.wait_for("is not a number")
    running.edit("dams.csv", "plenty", "1860")
    assert running.wait_for("dams.csv changed: every").strip() == "dams.csv changed: every map is current"


def test_warnings_and_pages_left_over_are_told_once(running: Running) -> None:
    with closing(http.client.HTTPConnection(running.url.split("/")[2], timeout=30)) as connection:
        connection.request("GET", f"{EVENTS_PATH}?page=/everything.html")
        with connection.getresponse() as stream:
            read_event(stream)
            text = (running.atlas / "atlas.toml").read_text(encoding="utf-8")
            start, end = text.index("[maps.energy]"), text.index("[maps.everything]")
            (running.atlas / "atlas.toml").write_text(text[:start] + text[end:], encoding="utf-8")
            left_alone = f"left alone {running.out}/energy.html: atlas.toml has no such map (build --prune removes it)"
            assert running.wait_for("left alone").strip() == left_alone
            before = len(running.log.read_text())
            running.edit("posts.geojson", "[73.91, 39.68]", "[0, 0]")
            running.wait_for("index.html (", "posts.geojson changed")
            said = running.log.read_text()[before:]
            assert said.count("COORDINATE_ZERO") == 1
            assert said.count("left alone") == 1


def test_a_taken_port_is_said(server: PageServer, tmp_path: Path) -> None:
    done = subprocess.run(
        [
            sys.executable,
            str(ROOT / "build_maps.py"),
            "serve",
            str(THREE_MAPS),
            "--out",
            str(tmp_path),
            "--port",
            str(server.server_port),
        ],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 3
    assert done.stderr == f"port {server.server_port}: Address already in use. Fix: choose another one with --port.\n"
