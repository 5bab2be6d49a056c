"""The people of a chaos run: each works on applications of their own and remembers what the server acknowledged.

One request is repeated until the server answers it, as a browser's page does. What a person remembers is the model with which
`bench.chaos.compare` holds the database afterwards.
"""

import base64
import hashlib
import http.client
import json
import random
import re
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from bench.addresses import row
from bench.deadline import BOUNDARY, TOKEN
from gongmo.kernel.numbers import Kind

FORM = "application/x-www-form-urlencoded"
PIECES = "application/offset+octet-stream"
UNTAKEN = ("저장 공간이 모자라", "파일 저장소가", "파일을 저장하지 못했습니다")
"""Words with which a page says that a file was not taken now: no fault, and nothing to remember."""
TRIES = 900
"""Times that a request is repeated before the run is called off (with the pauses some ten minutes)."""


@dataclass(slots=True)
class Remembered:
    """What one application's people were told: the model of what must be there."""

    application: int
    cookie: str
    summary: str = "가상의 개요입니다."
    revision: int = 0
    documents: dict[str, str] = field(default_factory=dict)
    """SHA-256 of the file that was last taken for each kind."""
    standing: str = ""
    """The receipt number of the submission that stands."""
    receipts: list[dict[str, Any]] = field(default_factory=list)
    """Every receipt that was handed out."""
    withdrawn: int = 0


class Stopped(Exception):
    """The run is over while a request was being repeated; nothing is known of it."""


class People:
    """`count` people in threads over their applications, until `stop`."""

    def __init__(self, port: int, work: list[Remembered], kinds: list[str], count: int, seed: int) -> None:
        self.port, self.kinds = port, kinds
        self.answers: Counter[str] = Counter()
        self.repeated = 0
        self.wrong: list[str] = []
        self.ending = threading.Event()
        self.threads = [
            threading.Thread(target=self._work, args=(work[number::count], seed + number), daemon=True)
            for number in range(count)
        ]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def stop(self) -> None:
        """Let everybody finish what they are at: nothing is left unanswered."""
        self.ending.set()
        for thread in self.threads:
            thread.join()

    def _work(self, own: list[Remembered], seed: int) -> None:
        person = Person(self, random.Random(seed))
        while not self.ending.is_set():
            mine = person.chance.choice(own)
            act = person.chance.choices(
                (
                    person.save,
                    person.attach,
                    person.send_in_pieces,
                    person.submit,
                    person.withdraw,
                    person.read,
                ),
                (30, 8, 4, 12, 6, 10),
            )[0]
            try:
                act(mine)
            except Exception as error:
                self.wrong.append(f"application {mine.application}: {act.__name__}: {error!r}")
                return


class Person:
    """One connection, one act at a time."""

    def __init__(self, people: People, chance: random.Random) -> None:
        self.people, self.chance = people, chance
        self.connection: http.client.HTTPConnection | None = None

    # --- Acts ---------------------------------------------------------------------------------------------------------
    def save(self, mine: Remembered) -> None:
        """Save the summary as the page does, one field with the revision that was seen last."""
        value = f"개요 {self.chance.getrandbits(40):x}"
        for _ in range(5):
            body = json.dumps(
                {"changes": [{"path": "summary", "value": value, "base": mine.revision}]}
            ).encode()
            status, _, answer = self.ask("POST", self._at(mine, "save/"), mine, body, "application/json")
            if status != 200:
                if not mine.standing:  # What was handed in is not written in.
                    self.fault(mine, f"save: {status} {answer[:300]!r}")
                return
            told = json.loads(answer)["results"][0]
            if told["state"] == "saved":
                mine.summary, mine.revision = told["value"], told["revision"]
                if told["value"] != value:
                    self.fault(mine, f"saved {value!r}, told {told['value']!r}")
                return
            if told["state"] == "conflict" and told["own"] and told["value"] == mine.summary:
                mine.revision = told["revision"]
                continue
            self.fault(mine, f"save: {told}")
            return

    def attach(self, mine: Remembered) -> None:
        """Hand in a file by one request."""
        from tests.builders import pdf

        kind = self.chance.choice(self.people.kinds)
        content = pdf(f"{kind} {self.chance.getrandbits(60):x}").read()
        parts = [_part("csrfmiddlewaretoken", TOKEN.encode()), _part("kind", kind.encode())]
        parts.append(
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{kind}.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n".encode()
            + content
            + b"\r\n"
        )
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        status, _, answer = self.ask(
            "POST",
            self._at(mine, "documents/attach/"),
            mine,
            body,
            f"multipart/form-data; boundary={BOUNDARY}",
        )
        self._attached(mine, kind, content, status, answer)

    def send_in_pieces(self, mine: Remembered) -> None:
        """Hand in a larger file by the tus protocol: after a broken piece the server is asked where to go on."""
        from tests.builders import pdf

        kind = self.chance.choice(self.people.kinds)
        head, rest = pdf(f"{kind} {self.chance.getrandbits(60):x}").getvalue().split(b"startxref", 1)
        content = head + b"%" + self.chance.randbytes(60_000).hex().encode() + b"\nstartxref" + rest
        told = _metadata({"filename": f"{kind}.pdf", "purpose": "application-document"})
        status, address, answer = self.ask(
            "POST", "/uploads/", mine, more={"Upload-Length": str(len(content)), "Upload-Metadata": told}
        )
        if status != 201:
            self.fault(mine, f"begin of an upload: {status} {answer[:200]!r}")
            return
        offset = 0
        while offset < len(content):
            piece = content[offset : offset + 50_000]
            status, _, answer = self.ask(
                "PATCH", address, mine, piece, PIECES, more={"Upload-Offset": str(offset)}, once=True
            )
            if status in (200, 204):
                offset += len(piece)
                continue
            status, found, answer = self.ask("HEAD", address, mine, header="Upload-Offset")
            if status not in (200, 204) or not found.isdecimal():
                self.fault(mine, f"where to go on: {status} {found}")
                return
            offset = int(found)
        digest = hashlib.sha256(content).hexdigest()
        status, _, answer = self.ask(
            "POST", f"{address}finish/", mine, urlencode({"sha256": digest}).encode(), FORM
        )
        while status == 200 and json.loads(answer)["state"] == "checking":
            time.sleep(0.2)
            status, _, answer = self.ask("GET", address, mine)
        if status != 200 or json.loads(answer)["sha256"] != digest:
            self.fault(mine, f"end of an upload: {status} {answer[:300]!r}")
            return
        body = urlencode(
            {"csrfmiddlewaretoken": TOKEN, "kind": kind, "upload": address.strip("/").split("/")[-1]}
        ).encode()
        status, _, answer = self.ask("POST", self._at(mine, "documents/attach/"), mine, body, FORM)
        self._attached(mine, kind, content, status, answer)

    def _attached(self, mine: Remembered, kind: str, content: bytes, status: int, answer: bytes) -> None:
        if status == 409 and any(word in answer.decode("utf-8", "replace") for word in UNTAKEN):
            self.people.answers["told to come back"] += 1
        elif status == 302:
            mine.documents[kind] = hashlib.sha256(content).hexdigest()
        elif not mine.standing:
            self.fault(mine, f"attach {kind}: {status} {_words(answer)}")

    def submit(self, mine: Remembered) -> None:
        """Submit, and fetch the receipt."""
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "confirm": "submit"}).encode()
        status, _, answer = self.ask("POST", self._at(mine, "submit/"), mine, body, FORM)
        complete = len(mine.documents) == len(self.people.kinds)
        if status != 302:
            if complete and not mine.standing:
                self.fault(mine, f"submit: {status} {_words(answer)}")
            return
        if not complete:
            self.fault(mine, "submitted without its documents")
        status, _, answer = self.ask("GET", self._at(mine, "receipt.json"), mine)
        if status != 200:
            self.fault(mine, f"receipt: {status}")
            return
        receipt = json.loads(answer)
        number = json.loads(receipt["manifest"])["receipt_number"]
        if mine.standing and number != mine.standing:
            self.fault(mine, f"submitted again: {mine.standing}, then {number}")
        if number != mine.standing:
            mine.receipts.append(receipt)
        mine.standing = number

    def withdraw(self, mine: Remembered) -> None:
        """Take the submission back, to go on writing."""
        if not mine.standing:
            return
        body = urlencode({"csrfmiddlewaretoken": TOKEN, "reason": "고쳐서 다시 냅니다."}).encode()
        before = self.people.repeated
        status, _, answer = self.ask("POST", self._at(mine, "withdraw/"), mine, body, FORM)
        # Repeated after a lost answer, it may say that there is nothing to withdraw any more.
        if status == 302 or (status < 500 and self.people.repeated > before):
            mine.standing = ""
            mine.withdrawn += 1
        else:
            self.fault(mine, f"withdraw: {status} {_words(answer)}")

    def read(self, mine: Remembered) -> None:
        """Open a page of the own application: what was acknowledged stands there."""
        status, _, answer = self.ask("GET", self._at(mine, "overview/"), mine)
        if status != 200:
            self.fault(mine, f"overview: {status}")
        elif mine.summary not in answer.decode("utf-8", "replace"):
            self.fault(mine, f"the page does not show {mine.summary!r}")

    # --- One request --------------------------------------------------------------------------------------------------
    def ask(
        self,
        method: str,
        path: str,
        mine: Remembered,
        body: bytes = b"",
        kind: str = "",
        *,
        more: dict[str, str] | None = None,
        header: str = "Location",
        once: bool = False,
    ) -> tuple[int, str, bytes]:
        """Status, a header and the body. Repeated until it is answered with anything but a server error; `once`: 0 instead."""
        headers = {
            "Cookie": f"{mine.cookie}; gongmo_csrf={TOKEN}",
            "X-CSRFToken": TOKEN,
            "Tus-Resumable": "1.0.0",
        }
        headers |= more or {}
        if kind:
            headers["Content-Type"] = kind
        for attempt in range(TRIES):
            status, found, content = self._once(method, path, body, headers, header)
            self.people.answers[f"{status // 100}xx" if status else "none"] += 1
            if status and status < 500:
                return status, found, content
            self.people.repeated += 1
            if once:
                return 0, "", b""
            time.sleep(min(0.05 * (attempt + 1), 0.7))
        raise Stopped(f"{method} {path}: no answer but {status} after {TRIES} tries: {_words(content)}")

    def _once(
        self, method: str, path: str, body: bytes, headers: dict[str, str], header: str
    ) -> tuple[int, str, bytes]:
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.people.port, timeout=60)
            self.connection.request(method, path, body=body or None, headers=headers)
            response = self.connection.getresponse()
            return response.status, response.getheader(header, "") or "", response.read()
        except (OSError, http.client.HTTPException):
            if self.connection is not None:
                self.connection.close()
            self.connection = None
            return 0, "", b""

    def fault(self, mine: Remembered, what: str) -> None:
        self.people.wrong.append(f"application {mine.application}: {what}")

    @staticmethod
    def _at(mine: Remembered, rest: str) -> str:
        return f"/applications/{row(mine.application, Kind.APPLICATION)}/{rest}"


def _part(name: str, value: bytes) -> bytes:
    return f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'.encode() + value + b"\r\n"


def _metadata(given: dict[str, str]) -> str:
    return ",".join(f"{name} {base64.b64encode(value.encode()).decode()}" for name, value in given.items())


def _words(page: bytes) -> str:
    """The visible words of an answer's main part, for a message."""
    text = page.decode("utf-8", "replace")
    text = text.split("<main", 1)[-1].split("</main", 1)[0]
    return " ".join(re.sub(r"<[^>]*>", " ", text).split())[:400]
