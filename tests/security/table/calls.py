"""Answers at the addresses of calls, their questions and their publication."""

from tests.security.table.row import Row

ROWS = (
    Row("GET", "/calls/", "ok"),
    Row("GET", "/calls/{open_call}/", "ok"),
    Row("GET", "/calls/feed/", "ok"),
    Row("GET", "/calls/calendar.ics", "ok"),
    Row("GET", "/calls/bizinfo.json", "ok"),
    Row("GET", "/calls/{open_call}/call.pdf", "ok"),
    Row("GET", "/calls/{open_call}/call.hwpx", "ok"),
    Row("GET", "/calls/{open_call}/call.json", "ok"),
    Row("GET", "/calls/{open_call}/calendar.ics", "ok"),
    Row("GET", "/calls/{open_call}/corrections/2/", "missing"),
    Row("GET", "/calls/{open_call}/questions/", "ok"),
    Row("GET", "/calls/{open_call}/questions/{question}/", "missing", ok="drafter screener"),
    Row("GET", "/publish/", "missing", ok="agency screener other_agency"),
    Row("POST", "/publish/", "missing", heard="agency screener other_agency"),
    Row("GET", "/calls/{call}/manage/", "missing", ok="agency"),
    Row("POST", "/calls/{open_call}/ask/", "heard", forbidden="visitor"),
    Row("POST", "/calls/{open_call}/extend/", "missing", heard="screener"),
    Row("POST", "/calls/{open_call}/correct/", "missing", heard="screener"),
    Row("POST", "/calls/{open_call}/close/", "missing", heard="screener"),
    Row("POST", "/calls/{open_call}/cancel/", "missing", heard="screener"),
    Row("POST", "/calls/{call}/finish/", "missing", heard="agency"),
    Row("POST", "/questions/{question}/answer/", "missing", forbidden="drafter", heard="screener"),
)
