"""The final scan: what must not leave is found in finished bytes, however it is written there; clean bytes pass."""

from __future__ import annotations

import base64
import html
import io
import json
import zipfile
from pathlib import Path
from urllib.parse import quote

import msgspec
import polars as pl
import pytest
from opening import opened, redacted

from forensics.case.tables import TABLES
from forensics.errors import RedactionError
from forensics.report import charts
from forensics.sharing.redact import Known, Leak, Redacted, leaks, refuse_leaks, scan_tokens

ROOT = Path(__file__).parents[1]
CASES = [*sorted(ROOT.glob("sample_data/*/evidence")), *sorted((ROOT.parent / "shared/captures").glob("*/*/evidence"))]

TOKEN = "sk-ant-api03-" + "Ab3dEf9hIjKl" * 6
SECRET = "three words of-a-password 17"
KNOWN = Known(
    {SECRET: "tokens", "kim.quill@example.org": "mail addresses", "Marlene": "user names", "4711": "chat ids"}
)


def page(body: str) -> bytes:
    return f"<!doctype html>\n<html>\n<p>{body}</p>\n</html>\n".encode()


WRITTEN = {
    "plain": TOKEN,
    "with entities": "".join(f"&#{ord(letter)};" for letter in TOKEN),
    "percent-encoded": "".join(f"%{ord(letter):02x}" for letter in TOKEN),
    "as JSON escapes": "".join(f"\\u{ord(letter):04x}" for letter in TOKEN),
    "over two lines": f"{TOKEN[:30]}\n    {TOKEN[30:]}",
    "with a tag inside": f"{TOKEN[:30]}<wbr>{TOKEN[30:]}",
    "in base64": base64.b64encode(f"key={TOKEN}".encode()).decode(),
    "in base64 over lines": base64.encodebytes(f"key={TOKEN}".encode()).decode(),
    "twice in base64": base64.b64encode(base64.b64encode(f"key={TOKEN}".encode())).decode(),
    "a known one": SECRET,
    "a known one, escaped": html.escape(json.dumps(SECRET)),
    "a known one, broken": "three words\nof-a-password\n17",
    "a known one in an address": quote(SECRET),
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN)
def test_a_token_is_found_however_it_is_written(written: str) -> None:
    found = leaks("report.html", page(written), KNOWN)
    assert {leak.kind for leak in found} == {"a token"}
    assert scan_tokens("report.html", page(written), [SECRET]) == found


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("kim.quill@example.org", "a mail address"),
        ("somebody.else@example.org", "a mail address"),
        ("<b>Marlene</b> said", "a user name"),
        ("/home/marlene/.openclaw", "a user name in a path"),
        ("C:\\Users\\Marl\\x", "a user name in a path"),
        ("203.0.113.7", "an address"),
        ("+49 151 23456789", "a phone number"),
        ("491512345678@s.whatsapp.net", "a chat id"),
        ("3f2b8c1d-9a7e-4c55-8d21-aa90bb81cc72", "an id"),
        ("req_011CTHo7a9XkYZ3mNqRsTuVw", "a request id"),
        ("org-Ab3dEf9hIj", "an account id"),
    ],
)
def test_a_person_is_found(body: str, kind: str) -> None:
    assert leaks("report.html", page(body), KNOWN) == (Leak("report.html", "line 3", kind),)


def test_tokens_only_means_tokens_only() -> None:
    assert scan_tokens("bundle.json", page("kim.quill@example.org /home/marlene/x 203.0.113.7")) == ()


@pytest.mark.parametrize(
    "clean",
    [
        "anthropic:user-1 on host-1, agent:agent-1:telegram:direct:chat-1, /home/user-1/.openclaw, fp:0123456789ab",
        "Marlenenweg 4711 is no name of anybody, 2026-11-20T09:18:00.123Z, 1795163225199, 0.123456789, #12345678",
        '<path d="M123456789,0.5L-2147483648,7"/> @media (min-width: 4em) { a:hover { } } @font-face',
        "OpenClaw 2026.9.6 listens on ws://127.0.0.1:18789 and ws://[::1]:18789, task-force risk-assessment-2026",
    ],
)  # fmt: skip
def test_what_names_nobody_passes(clean: str) -> None:
    assert leaks("report.html", page(clean), KNOWN) == ()


def test_a_plain_word_in_a_program_is_no_name() -> None:
    assert leaks("report.html", b"<script>const Marlene = 1;</script>", KNOWN) == ()


def test_the_cells_of_a_parquet_file_are_read() -> None:
    file = io.BytesIO()
    pl.DataFrame({"n": [1, 2], "text": ["fine", f"key {TOKEN}"], "all": [["a"], [SECRET]]}).write_parquet(file)
    assert leaks("events.parquet", file.getvalue(), KNOWN) == (
        Leak("events.parquet", "column all, line 2", "a token"),
        Leak("events.parquet", "column text, line 2", "a token"),
    )


def test_every_member_of_an_archive_is_read_and_its_name() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("tables/events.csv", f"a\n{TOKEN}\n")
        archive.writestr("kim.quill@example.org.txt", "fine")
    assert leaks("share.zip", file.getvalue(), KNOWN) == (
        Leak("share.zip", "member 1, line 2", "a token"),
        Leak("share.zip", "the name of member 2", "a mail address"),
    )


def test_an_artefacts_own_name_is_looked_at() -> None:
    assert leaks("kim.quill@example.org.html", b"fine", KNOWN) == (
        Leak("kim.quill@example.org.html", "its name", "a mail address"),
    )


@pytest.mark.parametrize("data", [b"", b"\xff\xfe\x00", b"PK\x03\x04broken", b"PAR1broken", b"\x00" * 100])
def test_bytes_of_any_kind_can_be_looked_at(data: bytes) -> None:
    assert leaks("x", data + b" ok", KNOWN) == ()
    assert leaks("x", data + TOKEN.encode(), KNOWN) != ()


def test_refusing_says_what_and_where_and_never_the_thing() -> None:
    case = redacted(CASES[0])
    held = Redacted(case.case, case.removed, KNOWN)
    with pytest.raises(RedactionError) as refused:
        refuse_leaks({"a.md": b"fine", "report.html": page(f"{TOKEN} of kim.quill@example.org")}, held)
    said = str(refused.value)
    assert said.startswith("report.html: a mail address would leave in line 3 (and 1 more); nothing was written.")
    assert "\n" not in said
    assert not any(secret in said for secret in (TOKEN[:12], "quill"))


def test_what_is_clean_is_not_refused() -> None:
    refuse_leaks({"a.md": b"anthropic:user-1"}, redacted(CASES[0]))


@pytest.mark.parametrize("path", CASES, ids=lambda path: f"{path.parent.parent.name}/{path.parent.name}")
def test_nothing_is_found_in_what_a_redacted_case_gives(path: Path) -> None:
    clean = redacted(path)
    artefacts = {"triage.json": msgspec.json.format(msgspec.json.encode(clean.case.triage()), indent=2)}
    for name in TABLES:
        file = io.BytesIO()
        getattr(clean.case, name).write_parquet(file)
        artefacts |= {
            f"{name}.parquet": file.getvalue(),
            f"{name}.jsonl": getattr(clean.case, name).write_ndjson().encode(),
        }
    artefacts["timeline.svg"] = charts.to_svg(charts.timeline(clean.case)).encode()
    assert [leak for name, data in artefacts.items() for leak in leaks(name, data, clean.known)] == []


@pytest.mark.parametrize("path", CASES[:4], ids=lambda path: path.parent.name)
def test_what_the_same_case_gives_without_redaction_is_found(path: Path) -> None:
    case = opened(path)
    known = redacted(path).known
    assert leaks("events.jsonl", case.events.write_ndjson().encode(), known)
