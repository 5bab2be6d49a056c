"""Answers at the addresses of the site as a whole, uploads, the record, the queue and the installation."""

from tests.security.table.row import Row

ROWS = (
    Row("GET", "/", "ok"),
    Row("GET", "/design/", "missing"),
    Row("GET", "/clock/", "ok"),
    Row("GET", "/record/", "ok"),
    Row("GET", "/record/checkpoints.json", "ok"),
    Row("GET", "/record/consistency.json", "missing"),
    Row("GET", "/record/verify/", "ok"),
    Row("GET", "/uploads/", "ok", forbidden="visitor"),
    # Without the protocol's version nothing is begun (412).
    Row("POST", "/uploads/", "412", forbidden="visitor"),
    Row("GET", "/uploads/forged/", "missing"),
    Row("POST", "/uploads/forged/finish/", "missing"),
    Row("GET", "/tasks/", "missing", login="visitor", ok="operator"),
    Row("GET", "/status/", "ok"),
    Row("GET", "/status.json", "ok"),
    Row("GET", "/metrics", "missing"),
    Row("GET", "/operation/", "missing", login="visitor", ok="operator"),
    Row("POST", "/operation/notices/", "missing", login="visitor", heard="operator"),
    Row("GET", "/operation/notices/", "missing", login="visitor", moved="operator"),
    Row("POST", "/operation/notices/987654/withdraw/", "missing", login="visitor"),
    Row("POST", "/tasks/{job}/again/", "missing", login="visitor", heard="operator"),
    Row("POST", "/language/", "heard"),
    Row("POST", "/record/verify/", "heard"),
    Row("POST", "/contrast/", "heard"),
    Row("POST", "/act-as/", "heard", login="visitor"),
)
