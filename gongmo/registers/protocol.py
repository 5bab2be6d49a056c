"""Reading what registers answer: JSON as documented, and the errors that come as XML, as another JSON, or as a bare HTTP status.

The portal's gateway answers in XML whatever was asked (`OpenAPI_ServiceResponse` with `returnReasonCode`); services answer with
`response.header.resultCode`; the Tax Service's gateway with `code` and `msg`, its service with `status_code`.
"""

import json
from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import Element

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from gongmo.registers.http import Reply
from gongmo.registers.trouble import Down, Trouble

NO_DATA = frozenset({"3", "03"})
FINE = frozenset({"0", "00", "000", "0000"})
_CODES = {
    "1": Trouble.SERVER,
    "2": Trouble.SERVER,
    "4": Trouble.SERVER,
    "5": Trouble.SERVER,
    "12": Trouble.KEY,
    "20": Trouble.KEY,
    "21": Trouble.KEY,
    "22": Trouble.QUOTA,
    "23": Trouble.SERVER,
    "30": Trouble.KEY,
    "31": Trouble.KEY,
    "32": Trouble.KEY,
    "33": Trouble.KEY,
    "99": Trouble.SERVER,
}
"""The portal's reason codes. 23 is "too many a second"; what is not here (10, 11: parameters) the register refuses."""
_GATEWAY = {
    "-401": Trouble.KEY,
    "-4": Trouble.KEY,
    "-3": Trouble.KEY,
    "-2": Trouble.REFUSED,
    "-5": Trouble.SERVER,
    "-10": Trouble.QUOTA,
}
"""The Tax Service gateway's `code`."""
_NTS = {"INTERNAL_ERROR": Trouble.SERVER, "HTTP_ERROR": Trouble.SERVER}
"""The Tax Service's `status_code`; the others (BAD_JSON_REQUEST, REQUEST_DATA_MALFORMED, TOO_LARGE_REQUEST) are refusals."""


def read(reply: Reply) -> dict[str, Any]:
    """The JSON object of a good reply. Raises Down for everything else."""
    text = reply.body.lstrip(b"\xef\xbb\xbf \t\r\n")
    if text.startswith(b"<"):
        _xml_error(text)
    found = _json(text)
    if found is not None:
        _json_error(reply, found)
    if reply.status == 401:
        raise Down(Trouble.KEY, "HTTP 401")
    if reply.status == 429:
        raise Down(Trouble.QUOTA, "HTTP 429")
    if reply.status >= 500:
        raise Down(Trouble.SERVER, f"HTTP {reply.status}")
    if reply.status >= 400:
        raise Down(Trouble.REFUSED, f"HTTP {reply.status}")
    if found is None or reply.status != 200:
        raise Down(Trouble.UNREADABLE, f"HTTP {reply.status} {reply.kind}"[:60])
    return found


def coded(code: str, words: str = "") -> Down:
    """The trouble that one of the portal's reason codes stands for."""
    plain = code.lstrip("0") or "0"
    return Down(_CODES.get(plain, Trouble.REFUSED), f"{plain} {words}".strip())


def items(found: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a portal service's answer: `response.body.items.item`, which is a list, one object for one row, and "" for none."""
    response = found.get("response")
    if not isinstance(response, dict):
        raise Down(Trouble.UNREADABLE, "no response")
    body = response.get("body") or {}
    held = body.get("items") if isinstance(body, dict) else None
    rows = held.get("item") if isinstance(held, dict) else held
    if rows in (None, "", []):
        return []
    rows = rows if isinstance(rows, list) else [rows]
    if not all(isinstance(row, dict) for row in rows):
        raise Down(Trouble.UNREADABLE, "rows")
    return rows


def _json(text: bytes) -> dict[str, Any] | None:
    try:
        found = json.loads(text, parse_float=Decimal)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _json_error(reply: Reply, found: dict[str, Any]) -> None:
    header = found.get("response", {}).get("header") if isinstance(found.get("response"), dict) else None
    if isinstance(header, dict):
        code = str(header.get("resultCode", ""))
        if code not in FINE and code not in NO_DATA:
            raise coded(code, _short(header.get("resultMsg")))
        return
    common = found.get("results", {}).get("common") if isinstance(found.get("results"), dict) else None
    if isinstance(common, dict):
        _address_error(common)
        return
    if isinstance(found.get("code"), int):
        code = str(found["code"])
        trouble = _GATEWAY.get(code, Trouble.SERVER if reply.status >= 500 else Trouble.REFUSED)
        raise Down(trouble, f"{code} {_short(found.get('msg'))}".strip())
    status = found.get("status_code")
    if isinstance(status, str) and status != "OK":
        raise Down(_NTS.get(status, Trouble.REFUSED), _short(status))


def _address_error(common: dict[str, Any]) -> None:
    """The address service: "0" is fine; E0001 and E0014 are about the key, the others about what was asked."""
    code = str(common.get("errorCode", ""))
    if code in FINE:
        return
    if code in ("E0001", "E0014", "E0015"):
        raise Down(Trouble.KEY, code)
    if code == "-999":
        raise Down(Trouble.SERVER, code)
    raise Down(Trouble.REFUSED, f"{code} {_short(common.get('errorMessage'))}".strip())


def _xml_error(text: bytes) -> None:
    """Raise what an XML answer says went wrong, if it names a code. DTDs and entities are refused."""
    try:
        root = fromstring(text, forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError, RecursionError):
        return
    code = _inner(root, "returnReasonCode") or _inner(root, "resultCode")
    if code and code not in FINE:
        words = _inner(root, "returnAuthMsg") or _inner(root, "resultMsg") or _inner(root, "errMsg")
        raise coded(code, _short(words))


def _inner(root: Element, name: str) -> str:
    return (root.findtext(f".//{name}") or "").strip()


def _short(words: object) -> str:
    """Words of a register, one line. Some gateways repeat the request with the key in it: what looks like one is left out."""
    line = " ".join(str(words or "").split())[:120]
    return "" if "serviceKey" in line or "confmKey" in line else line
