"""A served workspace with pages for customers, and somebody who visits them without a browser."""

import http.client
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlencode

from casewright.config import read_config
from casewright.desk import open_desk, publish
from casewright.model import SYSTEM
from casewright.remote.desk import RemoteDesk

from ..ports import free_port
from ..server.served import Served, founded, served
from .reading import Element, by_id, read

AGENT = "chen_jing"
SECRET = "a secret that only the shop knows"
SETTINGS = f"""
[server]
listen = "127.0.0.1:{{port}}"

[pages]
least_seconds = 0.001
forms_an_hour = {{forms}}
looks_a_minute = {{looks}}

[intake.shop]
driver = "webhook"
secret = "{SECRET}"

[intake.bank]
driver = "webhook"
secret = "{SECRET}"
signed = true
"""
MORE = """
  shop:
    says: web
    rules:
      - {when: {fields: {category: [dropped]}}, drop: not for us}
      - open: complaint
    map:
      id: event.id
      sender: {email: contact.email, phone: contact.phone}
      name: contact.name
      subject: title
      fields:
        subject: title
        description: body
        demand: {value: As the shop says.}
        category: {from: kind, values: {late: broadband_installation_delayed, spam: dropped}}
  bank:
    says: web
    rules:
      - open: complaint
    map:
      fields: {subject: title, description: body, demand: wish}
  sheet:
    says: import
    rules:
      - open: complaint
    map:
      id: 编号
      sender: {phone: 电话}
      name: 姓名
      fields: {subject: 主题, description: 内容, demand: 诉求, customer_phone: 电话}
"""
CHANNELS_END = "\n# Forms that anybody"
BOUNDARY = "----------------------------casewright"


@dataclass(frozen=True, kw_only=True)
class Shown:
    """An answer as a browser gets it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def page(self) -> Element:
        """The page, read."""
        return read(self.text)

    @property
    def where(self) -> str:
        """Where it leads."""
        return self.headers["location"]

    @property
    def words(self) -> str:
        """What is read of its main part."""
        return self.page.all("main")[0].text

    def hidden(self, name: str) -> list[str]:
        """The values of the hidden controls of a name."""
        return [
            one.attributes["value"]
            for one in self.page.all("input")
            if one.attributes.get("name") == name and one.attributes.get("type") == "hidden"
        ]


@dataclass(frozen=True, kw_only=True)
class Site:
    """A served workspace and its port."""

    served: Served
    port: int

    @property
    def root(self) -> Path:
        """Its folder."""
        return self.served.config.root

    def desk(self, name: str = AGENT) -> RemoteDesk:
        """A desk of somebody on the staff, through the socket."""
        desk = RemoteDesk(self.served.address)
        desk.transport.headers["Casewright-Actor"] = name
        return desk

    def ask(
        self,
        path: str,
        body: bytes | None = None,
        *,
        method: str = "",
        lang: str = "en",
        **headers: str,
    ) -> Shown:
        """Ask as a browser at one's own address does."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        said = {"Accept-Language": lang, "Origin": f"http://127.0.0.1:{self.port}"}
        said |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method or ("GET" if body is None else "POST"), path, body, said)
            answer = connection.getresponse()
            text = answer.read().decode()
            found = {name.lower(): value for name, value in answer.getheaders()}
            return Shown(status=answer.status, headers=found, text=text)
        finally:
            connection.close()

    def send(
        self, path: str, texts: Mapping[str, str], lang: str = "en", **headers: str
    ) -> Shown:
        """Send a form without files."""
        headers = {"Content_Type": "application/x-www-form-urlencoded", **headers}
        return self.ask(path, urlencode(texts).encode(), lang=lang, **headers)

    def upload(self, path: str, texts: Mapping[str, str], *files: tuple[str, bytes]) -> Shown:
        """Send a form with files, as browsers do."""
        parts = [
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in texts.items()
        ]
        for name, content in files:
            head = f'Content-Disposition: form-data; name="files"; filename="{name}"'
            kind = "Content-Type: application/octet-stream"
            parts.append(
                f"--{BOUNDARY}\r\n{head}\r\n{kind}\r\n\r\n".encode() + content + b"\r\n"
            )
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        return self.ask(path, body, Content_Type=f"multipart/form-data; boundary={BOUNDARY}")

    def key(self, page: str = "complaint") -> str:
        """Open a form and return what makes it be sent once."""
        return self.ask(f"/f/{page}").hidden("form_key")[0]

    def complain(self, **texts: str) -> Shown:
        """Send a complaint that is in order and return the page with its number."""
        sent = self.send("/f/complaint", {"form_key": self.key(), **COMPLAINT, **texts})
        assert sent.status == 303, sent.words
        return self.ask(sent.where)

    def link(self, done: Shown) -> str:
        """Return the address of the status page that a page leads to."""
        return next(
            one.attributes["href"]
            for one in done.page.all("a")
            if one.attributes["href"].startswith("/s/")
        )


COMPLAINT = {
    "subject": "Late parcel",
    "description": "The parcel came a week late.",
    "demand": "My money back",
    "customer_name": "Li Lei",
}


def reference(done: Shown) -> str:
    """Return the number that a page tells."""
    found = re.search(r"[A-Z]+-[0-9]{4}-[0-9]{6}|IN-[0-9]{6}", done.words)
    assert found is not None, done.words
    return found[0]


def labels(shown: Shown) -> list[str]:
    """Return the names of all controls with an id."""
    return sorted(by_id(shown.page))


@contextmanager
def site(root: Path, *, forms: int = 1000, looks: int = 1000) -> Iterator[Site]:
    """Serve a workspace of the demonstration meanwhile, at a port of the network as well.

    `forms` an hour and `looks` a minute are what one address may.
    """
    port = free_port()
    config = founded(root, people=True)
    with (root / "casewright.toml").open("a", encoding="utf-8") as settings:
        settings.write(SETTINGS.format(port=port, forms=forms, looks=looks))
    intake = root / "intake.yaml"
    text = intake.read_text(encoding="utf-8")
    assert CHANNELS_END in text
    text = text.replace(CHANNELS_END, MORE + CHANNELS_END).replace(
        "supplement, chase]", "supplement, chase, withdraw]"
    )
    # Whoever is known by the same number is added to what is open: what they see of it is tested.
    text = text.replace(
        "    title: {en: Complaint form",
        "    joins_within: 30 days\n    title: {en: Complaint form",
    )
    intake.write_text(text, encoding="utf-8")
    with open_desk(read_config(root)) as desk:
        publish(desk, root, [root / "workflows"], actor=SYSTEM)
    with served(config.root) as running:
        yield Site(served=running, port=port)
