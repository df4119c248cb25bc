"""Who is visiting: whose drawings this page keeps and reads with, and whose trainings they may change.

A *hand* is one person's way of writing, and every drawing that is kept belongs to one. On a page that only this machine
reaches, hands are names that people choose; the browser remembers which. On a page that others reach, each visitor has
a hand of their own: it follows from a token that only their browser keeps, in a cookie, which no other site is sent.
The server reads the cookie when a session begins and never believes what a browser says later, so no message can name
another hand. Only a checksum of the token is kept, so that neither the database nor a log gives it away.
"""

import hashlib
import ipaddress
import os
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import quote, unquote, urlsplit

import streamlit as st

from model import InputError
from views.shared.state import session
from views.shared.style import script_element

FIRST_HAND = "me"
MAX_NAME = 40  # characters
TOKEN_COOKIE, NAME_COOKIE = "draw-a-digit-visitor", "draw-a-digit-hand"
TOKEN_BYTES = 32
BROWSER_DIGITS = 40  # hexadecimal: 160 bits of a checksum of the token
PRIVATE = "~"  # what private hands begin with, and names cannot
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes, as `secrets.token_urlsafe` writes them
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
# What servers in between add: a request that has one of them, or any X-Forwarded-…, may come from anywhere.
FORWARDING = {"forwarded", "via", "x-real-ip", "x-client-ip", "x-original-host", "true-client-ip", "cf-connecting-ip"}

_visitor_script = script_element("visitor", "visitor", "cookies")


@dataclass
class _Visitor:
    """Who visits in this session: settled when it begins, but for the name."""

    kept_token: str | None = field(default_factory=lambda: _token(st.context.cookies))
    """What only the visitor's browser knows; None if it has yet to be told."""
    new_token: str = field(default_factory=lambda: secrets.token_urlsafe(TOKEN_BYTES))
    """What it is told then."""
    local: bool = field(default_factory=lambda: _is_local())
    name: str = field(default_factory=lambda: _name(st.context.cookies))
    """The hand that was chosen last; it counts on a local page alone."""


def greet_visitor() -> None:
    """Lets the visitor's browser remember who it is. Call it once in each run of the page."""
    visitor = session(_Visitor)
    told = {
        "path": cookie_path(),
        "token": {"cookie": TOKEN_COOKIE, "value": None if visitor.kept_token else visitor.new_token},
        "name": {"cookie": NAME_COOKIE, "value": quote(visitor.name, safe="") if visitor.local else None},
    }
    _visitor_script(data=told, key="visitor")


def cookie_path() -> str:
    """Where on the server the page is, for its cookies."""
    return "/" + (st.get_option("server.baseUrlPath") or "").strip("/")


def own_hand() -> str:
    """The hand whose drawings this session keeps and reads with."""
    visitor = session(_Visitor)
    return visitor.name if visitor.local else f"{PRIVATE}{own_browser()}"


def own_browser() -> str:
    """A name for the visitor's browser that no other visitor can guess or use."""
    visitor = session(_Visitor)
    return hashlib.sha256((visitor.kept_token or visitor.new_token).encode()).hexdigest()[:BROWSER_DIGITS]


def is_local() -> bool:
    """Whether only this machine reaches the page, so that hands are names which everybody here may choose."""
    return session(_Visitor).local


def training_allowed() -> bool:
    """Not if DIGITS_TRAINING is off, for a page that is open to others."""
    return os.environ.get("DIGITS_TRAINING", "on").strip().lower() not in ("off", "0", "no", "false")


def check_training_allowed() -> None:
    """Raises InputError if it is not."""
    if not training_allowed():
        raise InputError("Training is switched off on this page.")


def may_change(owner: str | None) -> bool:
    """Whether this visitor may pause, cancel, name or delete what `owner` has started; None stands for nobody known.

    Everything on a page that only this machine reaches; elsewhere, what they have started themselves.
    """
    return training_allowed() and (is_local() or owner == own_browser())


def check_may_change(owner: str | None) -> None:
    """Raises InputError if this visitor may not change what `owner` has started."""
    check_training_allowed()
    if not may_change(owner):
        raise InputError("Only whoever started a training can change it.")


def is_bounded() -> bool:
    """Whether what a visitor may keep is bounded, because others may reach the page."""
    return not is_local()


def choose_hand(name: str) -> None:
    """Keeps and reads with this hand from now on. Raises InputError if it cannot be one, or none is chosen here."""
    visitor = session(_Visitor)
    if not visitor.local:
        raise InputError("Hands are chosen only where nobody else reaches the page.")
    visitor.name = check_name(name)


def check_name(name: str) -> str:
    """The name of a hand without spaces around it. Raises InputError if it cannot be one."""
    name = " ".join(name.split())
    if not name or len(name) > MAX_NAME or not name.isprintable() or not name[0].isalnum():
        raise InputError(f"A hand needs a name of up to {MAX_NAME} characters that begins with a letter or a digit.")
    return name


def offered_hands(kept: Iterable[str]) -> list[str]:
    """The hands to choose from on a local page, of those that hold drawings: none that is another visitor's own."""
    return sorted({name for name in kept if not name.startswith(PRIVATE)} | {FIRST_HAND, session(_Visitor).name})


def _token(cookies: Mapping[str, str]) -> str | None:
    token = str(cookies.get(TOKEN_COOKIE, ""))
    return token if _TOKEN.fullmatch(token) else None


def _name(cookies: Mapping[str, str]) -> str:
    try:
        return check_name(unquote(str(cookies.get(NAME_COOKIE, "")), errors="strict"))
    except (InputError, UnicodeError):
        return FIRST_HAND


def _is_local() -> bool:
    headers = {name.lower(): st.context.headers.get_all(name) for name in st.context.headers}
    address = st.get_option("server.address")
    return training_allowed() and comes_from_here(address, st.context.ip_address, headers)


def comes_from_here(address: str | None, sender: str | None, headers: Mapping[str, list[str]]) -> bool:
    """Whether a page served at this address reaches this machine alone, and a request comes from a browser on it.

    `sender` is the address that the request came from; None for this machine. The headers have lower-case names. A
    server in between may hide that it forwards what others ask for, but not what the browser says: a page that is open
    at another address than a local one names that address as its origin. In doubt, it is not from here.
    """
    if not _is_loopback(address) or not (sender is None or _is_loopback(sender)):
        return False
    if any(name in FORWARDING or name.startswith("x-forwarded") for name in headers):
        return False
    hosts, origins = headers.get("host", []), headers.get("origin", [])
    if len(hosts) != 1 or len(origins) != 1:
        return False
    try:
        origin = urlsplit(origins[0])
        return origin.netloc == hosts[0] and origin.hostname in LOCAL_NAMES
    except ValueError:
        return False


def _is_loopback(address: str | None) -> bool:
    if address == "localhost":
        return True
    try:
        return ipaddress.ip_address(address or "").is_loopback
    except ValueError:
        return False
