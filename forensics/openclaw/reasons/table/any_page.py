"""A web page where an answer should be: CDN, firewall, captive portal, or a wrong base URL."""

from __future__ import annotations

from dataclasses import replace

from forensics.openclaw.reasons.kinds import NETWORK, SERVER_ERROR
from forensics.openclaw.reasons.reason import words

_PAGE = r"\A(?>.{0,600}?(?:<!doctype\ html|<html|<head|<title))"  # atomic: one start, or hostile pages take minutes
_ANY_STATUS = (400, 401, 403, 404, 405, 406, 407, 408, 429, *range(500, 531))

ROWS = (
    replace(
        SERVER_ERROR,
        id="any.gateway_page",
        status=(500, 502, 503, 504, *range(520, 527)),  # what stands before the provider could not reach it
        pattern=words(
            _PAGE
            + r""".{0,2000}(?:bad\ gateway | service\ (?:temporarily\ )?unavailable | gateway\ time-?out
            | web\ server\ is\ (?:down|returning\ an\ unknown) | origin\ is\ unreachable | connection\ timed\ out)"""
        ),
        samples=(
            "502 <html><head><title>502 Bad Gateway</title></head><body><hr><center>nginx</center></body></html>",
            "502 <html><head><title>502 Bad Gateway</title></head><body><hr><center>cloudflare</center></body></html>",
        ),
    ),
    replace(
        NETWORK,
        id="any.cloudflare_page",
        status=_ANY_STATUS,
        pattern=words(
            _PAGE
            + r""".{0,4000}(?:cloudflare|cf-ray|cf[_-](?:chl|browser|error)|just\ a\ moment|attention\ required
            |enable\ javascript\ and\ cookies|challenge-platform)"""
        ),
        waiting_helps=None,
        cure="Check the network path (address, VPN, proxy, base URL): a CDN answered, not the provider's API.",
        issues=(62142, 64174, 66633, 94432),
        fact="4.3",
        samples=(
            (
                "403 <!DOCTYPE html><html><head><title>Just a moment...</title></head><body>Enable JavaScript and "
                "cookies to continue</body></html>"
            ),
        ),
    ),
    replace(
        NETWORK,
        id="any.other_page",
        status=_ANY_STATUS,
        pattern=words(_PAGE + r" | \bunexpected\ token\ '?<'?,?\ .{0,30}(?:doctype|html)"),
        waiting_helps=None,
        cure="Check the base URL, proxy and login page of this network: a web page answered, not an API.",
        samples=("Unexpected token '<', \"<!DOCTYPE \"... is not valid JSON",),
    ),
)
