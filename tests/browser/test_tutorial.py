"""The tutorial, from its first command to its last page, as it stands there."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.browser.ports import free_port, wait_for

ROOT = Path(__file__).resolve().parents[2]
TUTORIAL = ROOT / "docs" / "tutorial"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"(?:#|//) ([\w./-]+\.\w+)(: add)?\n")
# The package itself is that of this environment.
INSTALLS = re.compile(r"^.*(pip install|-m venv).*\n", re.MULTILINE)
SERVES = {"runserver": "127.0.0.1:8000", "npm run dev": "127.0.0.1:5173"}


class Reader:
    """Somebody who does what the tutorial says, in a folder of his own."""

    def __init__(self, folder):
        self.folder, self.servers = folder, []
        self.addresses = {shown: f"127.0.0.1:{free_port()}" for shown in SERVES.values()}
        self.answers = []
        self.environ = {k: v for k, v in os.environ.items() if not k.startswith("DJANGO_")}
        (folder / ".venv").symlink_to(sys.prefix)

    def read(self, page):
        for language, block in BLOCK.findall((TUTORIAL / page).read_text()):
            text = block
            for shown, real in self.addresses.items():
                text = text.replace(shown, real)
            if language == "json":
                assert alike(json.loads(self.answers[-1]), json.loads(block))
            elif language == "sh":
                self.do(text)
            else:
                self.write(text)

    def do(self, commands):
        commands = INSTALLS.sub("", commands).replace("mkdir hello && cd hello\n", "")
        for word, shown in SERVES.items():
            if word in commands:
                self.serve(commands, self.addresses[shown])
                return
        # What a terminal remembers from one block to the next.
        remembered = self.folder / "terminal.sh"
        with remembered.open("a") as terminal:
            terminal.writelines(line for line in commands.splitlines(True) if "() {" in line)
        script = f"set -e; . ./terminal.sh\n{commands}"
        done = subprocess.run(
            ["bash", "-c", script],
            cwd=self.folder,
            env=self.environ,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        self.answers.append(done.stdout)

    def serve(self, command, address):
        port = address.partition(":")[2]
        how = f"{address} --noreload" if "runserver" in command else f"-- --port {port}"
        self.servers.append(
            subprocess.Popen(
                ["bash", "-c", f"exec {command.strip()} {how}"],
                cwd=self.folder,
                env=self.environ,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )
        wait_for(int(port))

    def write(self, text):
        name, adds = FILE.match(text).groups()
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a" if adds else "w") as file:
            file.write(text)

    def leave(self):
        for server in self.servers:
            os.killpg(server.pid, 15)
            server.wait()


def alike(answered, shown):
    """Tell whether an answer has the members that the page shows, and the words in them."""
    if isinstance(shown, dict):
        return answered.keys() == shown.keys() and all(
            alike(answered[name], value) for name, value in shown.items()
        )
    if isinstance(shown, str) and not shown.endswith("…"):
        return answered == shown
    return type(answered) is type(shown)


@pytest.fixture(scope="module")
def reader(tmp_path_factory):
    """Somebody who has done the first half; its answers are those that the page shows."""
    reader = Reader(tmp_path_factory.mktemp("tutorial"))
    try:
        reader.read("index.md")
        yield reader
    finally:
        reader.leave()


def test_the_first_half_does_what_it_says(reader):
    assert next(filter(None, reader.answers)).startswith("Operations to perform")
    assert "System check identified no issues" in "".join(reader.answers)
    assert any(answer.startswith("HTTP/1.1 204") for answer in reader.answers)


def test_the_second_half_shows_a_page(reader, browser):
    reader.read("react.md")
    person = browser.new_context(base_url=f"http://{reader.addresses['127.0.0.1:5173']}")

    page = person.new_page()
    page.goto("/")
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill("wrong")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("alert")).to_have_text(re.compile("No active account"))
    page.get_by_label("Password").fill("correct horse battery staple")
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading")).to_have_text("Hello, ada")

    page.reload()
    expect(page.get_by_role("heading")).to_have_text("Hello, ada")
    assert page.evaluate("document.cookie") == ""
    assert [cookie["httpOnly"] for cookie in person.cookies()] == [True]

    other = person.new_page()
    other.goto("/")
    other.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("button", name="Sign in")).to_be_visible()
    person.close()
