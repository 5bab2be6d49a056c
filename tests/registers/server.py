"""A local server that speaks as the registers do: documented JSON, errors as XML, wrong keys, quotas, slowness, cut connections, outages."""

import json
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

KEY = "aB+c/dE12345=="
"""A key as it is issued: with the three signs that percent-encoding changes."""
GATEWAY = (
    "<OpenAPI_ServiceResponse><cmmMsgHeader><errMsg>SERVICE ERROR</errMsg>"
    "<returnAuthMsg>{words}</returnAuthMsg><returnReasonCode>{code}</returnReasonCode></cmmMsgHeader></OpenAPI_ServiceResponse>"
)
UNREGISTERED = "국세청에 등록되지 않은 사업자등록번호입니다."


@dataclass
class World:
    """What the registers know, and how they behave. `fault` names the misbehaviour of the next `faults` requests (-1: of all)."""

    states: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Business number: (b_stt_cd, end_dt)."""
    heads: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Business number: (opening day, head's name)."""
    accounts: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    """(corporate number, year): rows."""
    outlines: dict[str, dict[str, Any]] = field(default_factory=dict)
    holidays: dict[tuple[str, str], list[dict[str, Any]]] = field(default_factory=dict)
    addresses: list[dict[str, str]] = field(default_factory=list)
    fault: str = ""
    faults: int = -1
    requests: list[tuple[str, dict[str, str], Any]] = field(default_factory=list)
    """Path, query and JSON body of every request that came."""
    base: str = ""

    def behave(self, fault: str, times: int = -1) -> None:
        self.fault, self.faults = fault, times

    def take_fault(self) -> str:
        if not self.fault or self.faults == 0:
            return ""
        if self.faults > 0:
            self.faults -= 1
        return self.fault


@contextmanager
def running() -> Iterator[World]:
    """A server on a free port of this machine."""
    world = World()

    class Handler(_Handler):
        pass

    Handler.world = world
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    # A client that hung up is part of the play.
    server.handle_error = lambda *_: None  # type: ignore[method-assign]
    world.base = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=lambda: server.serve_forever(poll_interval=0.02), daemon=True)
    thread.start()
    try:
        yield world
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    world: World
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        """Quiet."""

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length", "0"))
        self._answer(json.loads(self.rfile.read(size)))

    def _answer(self, body: Any) -> None:
        parts = urlsplit(self.path)
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        self.world.requests.append((parts.path, query, body))
        fault = self.world.take_fault()
        if fault and self._misbehave(fault):
            return
        key = query.get("serviceKey") or query.get("ServiceKey") or query.get("confmKey")
        if parts.path.endswith("addrLinkApi.do"):
            return self._addresses(key, query)
        if key != KEY:
            return self._send(
                200, GATEWAY.format(words="SERVICE_KEY_IS_NOT_REGISTERED_ERROR", code=30), "text/xml"
            )
        if parts.path.endswith("/v1/status"):
            return self._status(body)
        if parts.path.endswith("/v1/validate"):
            return self._validate(body)
        if parts.path.endswith("getSummFinaStat_V2"):
            return self._rows(self.world.accounts.get((query["crno"], query["bizYear"]), []))
        if parts.path.endswith("getCorpOutline_V2"):
            found = self.world.outlines.get(query["crno"])
            return self._rows([found] if found else [])
        if parts.path.endswith("getRestDeInfo"):
            rows = self.world.holidays.get((query["solYear"], query["solMonth"]), [])
            return self._rows(rows, single=True)
        return self._send(404, "<html>not found</html>", "text/html")

    def _status(self, body: Any) -> None:
        numbers = body["b_no"]
        if len(numbers) > 100:
            return self._json(413, {"status_code": "TOO_LARGE_REQUEST"})
        rows = [self._state(number) for number in numbers]
        known = sum(bool(row["b_stt_cd"]) for row in rows)
        return self._json(
            200, {"status_code": "OK", "match_cnt": known, "request_cnt": len(numbers), "data": rows}
        )

    def _state(self, number: str) -> dict[str, str]:
        code, ended = self.world.states.get(number, ("", ""))
        words = {"01": "계속사업자", "02": "휴업자", "03": "폐업자", "": ""}
        return {
            "b_no": number,
            "b_stt": words.get(code, code),
            "b_stt_cd": code,
            "tax_type": "부가가치세 일반과세자" if code else UNREGISTERED,
            "tax_type_cd": "01" if code else "",
            "end_dt": ended,
            "utcc_yn": "N" if code else "",
            "tax_type_change_dt": "",
            "invoice_apply_dt": "",
            "rbf_tax_type": "해당없음" if code else "",
            "rbf_tax_type_cd": "99" if code else "",
        }

    def _validate(self, body: Any) -> None:
        rows = []
        for asked in body["businesses"]:
            number = asked["b_no"]
            same = self.world.heads.get(number) == (asked["start_dt"], asked["p_nm"])
            row: dict[str, Any] = {"b_no": number, "valid": "01" if same else "02", "request_param": asked}
            if same:
                row["status"] = self._state(number)
            else:
                row["valid_msg"] = "확인할 수 없습니다."
            rows.append(row)
        valid = sum(row["valid"] == "01" for row in rows)
        self._json(200, {"status_code": "OK", "request_cnt": len(rows), "valid_cnt": valid, "data": rows})

    def _rows(self, rows: list[dict[str, Any]], *, single: bool = False) -> None:
        """One row as an object and none as "" where the service does so."""
        items: Any = {"item": rows}
        if single and len(rows) < 2:
            items = {"item": rows[0]} if rows else ""
        body = {"numOfRows": 100, "pageNo": 1, "totalCount": len(rows), "items": items}
        self._json(
            200, {"response": {"header": {"resultCode": "00", "resultMsg": "NORMAL SERVICE."}, "body": body}}
        )

    def _addresses(self, key: str | None, query: dict[str, str]) -> None:
        if key != KEY:
            common = {"errorCode": "E0001", "errorMessage": "승인되지 않은 KEY 입니다."}
            return self._json(200, {"results": {"common": common, "juso": None}})
        found = [row for row in self.world.addresses if query["keyword"] in row["roadAddr"]]
        common = {"errorCode": "0", "errorMessage": "정상", "totalCount": str(len(found))}
        return self._json(200, {"results": {"common": common, "juso": found}})

    def _misbehave(self, fault: str) -> bool:
        """Whether the fault has answered (or broken off) already."""
        if fault.startswith("code:"):
            self._send(200, GATEWAY.format(words="SOME_ERROR", code=fault[5:]), "text/xml;charset=UTF-8")
        elif fault.startswith("header:"):
            header = {"resultCode": fault[7:], "resultMsg": "SOME ERROR"}
            self._json(200, {"response": {"header": header}})
        elif fault.startswith("gateway:"):
            self._json(401, {"code": int(fault[8:]), "msg": "등록되지 않은 인증키 입니다."})
        elif fault.startswith("http:"):
            self._send(int(fault[5:]), "<html><body>error</body></html>", "text/html")
        elif fault == "slow":
            time.sleep(1.5)
            return False
        elif fault == "drip":
            self._drip()
        elif fault == "cut":
            self._begin(200, "application/json", 500)
            self.wfile.write(b'{"status_code":"OK",')
            self._break_off()
        elif fault == "reset":
            self._break_off()
        elif fault == "huge":
            self._huge()
        elif fault == "announced":
            self._begin(200, "application/json", 10**9)
            self._break_off()
        elif fault == "text":
            self._send(200, "점검 중입니다.", "text/plain")
        elif fault == "list":
            self._send(200, "[]", "application/json")
        elif fault == "bomb":
            entities = '<!DOCTYPE a [<!ENTITY b "bbbb"><!ENTITY c "&b;&b;">]><a>&c;</a>'
            self._send(200, entities, "text/xml")
        elif fault == "gzip":
            self.send_response(200)
            self.send_header("Content-Encoding", "gzip")
            self.send_header("Content-Length", "4")
            self.end_headers()
            self.wfile.write(b"abcd")
        elif fault == "redirect":
            self.send_response(302)
            self.send_header("Location", f"{self.world.base}/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        elif fault == "fewer":
            self._json(200, {"status_code": "OK", "data": []})
        else:
            raise AssertionError(fault)
        return True

    def _drip(self) -> None:
        self._begin(200, "application/json", 10_000)
        try:
            for _ in range(200):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.05)
        except OSError:
            pass
        self.close_connection = True

    def _huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        try:
            for _ in range(200):
                self.wfile.write(b" " * 65_536)
        except OSError:
            pass
        self.close_connection = True

    def _break_off(self) -> None:
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def _begin(self, status: int, kind: str, size: int) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(size))
        self.end_headers()

    def _json(self, status: int, value: Any) -> None:
        self._send(status, json.dumps(value, ensure_ascii=False), "application/json; charset=utf-8")

    def _send(self, status: int, text: str, kind: str) -> None:
        data = text.encode()
        self._begin(status, kind, len(data))
        self.wfile.write(data)
