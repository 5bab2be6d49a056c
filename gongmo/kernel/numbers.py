"""Row numbers as outsiders see them: tokens that tell nothing of order or count (docs/decisions/0188-numbers-leave-as-tokens.md).

A token is the row's number put through a permutation of the 64-bit numbers (a Feistel network of eight rounds over keyed BLAKE2b, RFC 7693;
Luby and Rackoff 1988) and written in thirteen letters and digits. Whoever lacks the key cannot tell a token from a random one. It is no
permission: what somebody may see is the policies' to say.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from enum import StrEnum
from functools import lru_cache

SHAPE = "[a-hjkmnp-s][0-9a-hjkmnp-tv-z]{12}"
"""A token: its first sign is a letter (4 bits), so that no number looks like one; the others are Crockford's digits (5 bits each)."""
EITHER = f"(?:{SHAPE}|[0-9]+)"
"""A token, or a number where plain numbers are taken."""
NOBODY = 2**63 - 1
"""The number that no row has: what a token names that was not made here."""


class Kind(StrEnum):
    """What a token names: one word for each table whose rows stand in addresses or forms, at most 16 letters (it salts the key).

    Each has an order of its own, so that the same number of two tables has two tokens, and nothing known of one tells of another.
    """

    model: str
    """The table, as "app.Model"."""

    def __new__(cls, word: str, model: str) -> "Kind":
        made = str.__new__(cls, word)
        made._value_ = word
        made.model = model
        return made

    ABSENCE = "absence", "evaluation.Absence"
    AFFILIATION = "affiliation", "evaluation.Affiliation"
    AGREEMENT = "agreement", "awards.Agreement"
    AMENDMENT = "amendment", "awards.Amendment"
    ANNOUNCEMENT = "announcement", "operation.Announcement"
    APPLICATION = "application", "applications.Application"
    BONUS = "bonus", "evaluation.Bonus"
    CASE = "case", "awards.TerminationCase"
    CERTIFICATE = "certificate", "parties.Certificate"
    CHALLENGE = "challenge", "evaluation.Challenge"
    CHANGE = "change", "applications.FieldChange"
    DAY = "day", "evaluation.PresentationDay"
    DEMAND = "demand", "screening.ProofDemand"
    DESTRUCTION = "destruction", "custody.Destruction"
    DOCUMENT = "document", "applications.ApplicationDocument"
    EXPERT = "expert", "evaluation.Evaluator"
    FACT = "fact", "screening.FactRecord"
    GRANT = "grant", "parties.Grant"
    IMPORT = "import", "similarity.CorpusImport"
    INVITATION = "invitation", "parties.Invitation"
    ITEM = "item", "screening.SupplementItem"
    JUDGEMENT = "judgement", "similarity.Judgement"
    MAIL = "mail", "notices.Mail"
    MEMBER = "member", "applications.Member"
    NEGOTIATION = "negotiation", "awards.Negotiation"
    NOTE = "note", "evaluation.EvaluatorNote"
    NOTICE = "notice", "notices.Notice"
    OBJECTION = "objection", "evaluation.Objection"
    OBJECTION_FILE = "objection_file", "evaluation.ObjectionFile"
    ORGANISATION = "organisation", "parties.Organisation"
    PERSON = "person", "parties.Person"
    PERSON_ERASURE = "person_erasure", "custody.PersonDestruction"
    PHOTO = "photo", "evaluation.VisitPhoto"
    PLACE = "place", "parties.Membership"
    PROJECT = "project", "similarity.EarlierProject"
    PROPOSAL = "proposal", "evaluation.Proposal"
    QUESTION = "question", "calls.Question"
    REVIEW_OBJECTION = "review_objection", "screening.ReviewObjection"
    RUN = "run", "evaluation.StageRun"
    SEAT = "seat", "evaluation.Seat"
    SESSION = "session", "usersessions.UserSession"
    SHEET = "sheet", "evaluation.ScoreSheet"
    SIGNATURE = "signature", "applications.Signature"
    SUPPLEMENT = "supplement", "screening.Supplement"
    TURN = "turn", "evaluation.PresentationSlot"
    VIEW = "view", "screening.SavedView"
    VISIT = "visit", "evaluation.SiteVisit"


_FIRST = "abcdefghjkmnpqrs"
_SIGNS = "0123456789abcdefghjkmnpqrstvwxyz"
_DIGITS = str.maketrans(_SIGNS, "0123456789abcdefghijklmnopqrstuv")
_SHIFTS = tuple(range(55, -1, -5))
_HALF = 2**32 - 1
_WHOLE = re.compile(SHAPE)
_ROUNDS = 8
_BEYOND = 2**40
"""More rows than any table will hold: what opens to such a number was closed with another key. One in 16 million wrong tokens does not."""
_KEPT = 8192


def _key(secret: str, kind: str = "") -> bytes:
    """A key salted with a kind's word (at most 16 bytes of ASCII); without one for what names no row."""
    salt = kind.encode("ascii")
    return hashlib.blake2b(secret.encode(), digest_size=32, person=b"gongmo.numbers", salt=salt).digest()


class Permutation:
    """One order of the 64-bit numbers, drawn by a secret, for one kind of thing."""

    def __init__(self, secret: str, kind: Kind) -> None:
        key = _key(secret, kind)
        self._rounds = [
            hashlib.blake2b(key=key, digest_size=4, person=b"gongmo.numbers", salt=bytes([each]))
            for each in range(_ROUNDS)
        ]

    def close(self, number: int) -> int:
        """The number's place among the 64-bit numbers. Raises OverflowError beyond them."""
        left, right = number >> 32, number & _HALF
        for begun in self._rounds:
            drawn = begun.copy()
            drawn.update(right.to_bytes(4))
            left, right = right, left ^ int.from_bytes(drawn.digest())
        return left << 32 | right

    def open(self, place: int) -> int:
        """The number at a place. Raises OverflowError beyond 64 bits."""
        left, right = place >> 32, place & _HALF
        for begun in reversed(self._rounds):
            drawn = begun.copy()
            drawn.update(left.to_bytes(4))
            left, right = right ^ int.from_bytes(drawn.digest()), left
        return left << 32 | right


def written(place: int) -> str:
    """A 64-bit number in the signs of a token."""
    signs = [_FIRST[place >> 60]]
    signs += [_SIGNS[place >> shift & 31] for shift in _SHIFTS]
    return "".join(signs)


def read(token: str) -> int:
    """The 64-bit number that is written so. Raises ValueError for anything else."""
    if not _WHOLE.fullmatch(token):
        raise ValueError("no token")
    return _FIRST.index(token[0]) << 60 | int(token[1:].translate(_DIGITS), 32)


class Numbers:
    """Tokens of one installation: made with its secret, read with this one and former ones. `plain`: numbers are taken as they are, too."""

    def __init__(self, secret: str, former: Sequence[str] = (), *, plain: bool = False) -> None:
        self._secrets = (secret, *former)
        self._marks = hashlib.blake2b(key=_key(secret), digest_size=12, person=b"gongmo.marks")
        self._orders = lru_cache(maxsize=None)(self._drawn)
        self.plain = plain
        self.token = lru_cache(maxsize=_KEPT)(self._token)
        self.number = lru_cache(maxsize=_KEPT)(self._number)

    def _drawn(self, kind: Kind) -> tuple[Permutation, ...]:
        return tuple(Permutation(each, kind) for each in self._secrets)

    def mark(self, name: str) -> str:
        """What stands for a name that holds row numbers where it is only compared: 24 letters and digits. Nobody reads it back."""
        drawn = self._marks.copy()
        drawn.update(name.encode())
        return drawn.hexdigest()

    def _token(self, number: int, kind: Kind) -> str:
        return written(self._orders(kind)[0].close(number))

    def _number(self, text: str, kind: Kind) -> int:
        if self.plain and text.isascii() and text.isdecimal():
            return int(text)
        place = read(text)
        return next((found for each in self._orders(kind) if (found := each.open(place)) < _BEYOND), NOBODY)


_used: list[Numbers] = []
_trusted: ContextVar[bool] = ContextVar("gongmo.numbers.trusted", default=False)


def use(secret: str, former: Sequence[str] = (), *, plain: bool = False) -> None:
    """Make tokens with this secret from now on. Called at the start of a process."""
    _used[:] = [Numbers(secret, former, plain=plain)]


def token(number: int, kind: Kind) -> str:
    """The token of the number of a row of that kind. Raises OverflowError for one below 0 or beyond 64 bits."""
    return _used[0].token(number, kind)


def mark(name: str) -> str:
    """What stands for a name that holds row numbers (a calendar's UID): the same name has the same mark, and nothing can be told from it."""
    return _used[0].mark(name)


def sent(text: str, kind: Kind) -> int | None:
    """The number of the row of that kind whose token a form or an address sent, None for what is no token."""
    try:
        return number(text, kind)
    except ValueError:
        return None


def number(text: str, kind: Kind) -> int:
    """The number of a row of that kind that a token names, NOBODY for one that was made for another kind or elsewhere. Raises ValueError for what is no token."""
    if _trusted.get() and text.isascii() and text.isdecimal():
        return int(text)
    return _used[0].number(text, kind)


@contextmanager
def own_addresses() -> Iterator[None]:
    """Meanwhile plain numbers are read, too: in addresses that this site kept from before it wrote tokens, never in what somebody sends."""
    before = _trusted.set(True)
    try:
        yield
    finally:
        _trusted.reset(before)
