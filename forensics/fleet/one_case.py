"""One case, triaged where it can be read: evidence in, rows out, also where something goes wrong."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from forensics.case import Case, open_case
from forensics.errors import ForensicsError
from forensics.fleet.sources import Source, without_credentials
from forensics.fleet.tables import CaseRow, ErrorRow, FindingRow, IncidentRow, UnknownRow, WindowRow
from forensics.incidents.incident import Incident
from forensics.openclaw.error_text import read_error_text
from forensics.secrets.detect import mask, secrets_in
from forensics.sharing.redact import redact, refuse_leaks
from forensics.text import clip, visible

UNKNOWN = "unknown"
_BLOCK = 1 << 20
_WORDS = 500  # characters of the provider's words that are kept
_ALIKE = 60  # characters that make two sentences one: logs cut them at different lengths
_FILLED_IN = re.compile(r"https?://\S+|\b[\w-]*\d[\w.:-]*|\"[^\"]*\"|'[^']*'|<[^>]*>|[^\W\d_]*\*+\w*")


class CaseResult(msgspec.Struct, frozen=True, omit_defaults=True):
    """Everything one case gives. `unchanged`: it was done before, byte for byte, by this version."""

    name: str
    unchanged: bool = False
    cases: tuple[CaseRow, ...] = ()
    incidents: tuple[IncidentRow, ...] = ()
    findings: tuple[FindingRow, ...] = ()
    windows: tuple[WindowRow, ...] = ()
    unknown_records: tuple[UnknownRow, ...] = ()
    errors: tuple[ErrorRow, ...] = ()


def tool_version() -> str:
    """Of this package, as results name it."""
    return version("openclaw-forensics")


def done_key(content_hash: str, tool: str) -> str:
    """What makes a case of one name done: the same bytes, the same version of the tool."""
    return f"{content_hash} {tool}"


def triage_one(source: Source, done: str | None, *, share: bool) -> CaseResult:
    """Fetch, hash, read and reason about one case, unless `done` is its key. What goes wrong is a row of its result."""
    began = time.perf_counter()
    name, stage, content = source.name, "fetch", ""
    try:
        with _at_hand(source) as path:
            content = content_hash(path)
            if done == done_key(content, tool_version()):
                return CaseResult(name, unchanged=True)
            stage = "read"
            case = open_case(path)
        return _redacted(name, content, case, began) if share else _result(name, content, case, began)
    except ForensicsError as error:
        return failed(name, stage, _kind(error) if share else str(error), content)
    except Exception as error:  # noqa: BLE001 - one broken case must not end the run; the next line records it
        return failed(name, stage, _kind(error) if share else f"{_kind(error)}: {error}", content)


def _kind(error: Exception) -> str:
    """All that may leave of an error: its words name paths and hosts."""
    return type(error).__name__


def _redacted(name: str, content: str, case: Case, began: float) -> CaseResult:
    """Rows that may leave, looked at once more as they will be written. Raises RedactionError."""
    clean = redact(case)
    result = _result(name, content, clean.case, began)
    refuse_leaks({"rows.json": msgspec.json.encode(result)}, clean)
    return result


def failed(name: str, stage: str, error: str, content: str = "") -> CaseResult:
    """A case that could not be looked at, as its only row."""
    row = ErrorRow(
        case=name,
        content_hash=content,
        tool_version=tool_version(),
        release=UNKNOWN,
        stage=stage,
        error=clip(visible(_masked(error)), 400),
    )
    return CaseResult(name, errors=(row,))


def _masked(error: str) -> str:
    """An address may hold a password, a message of a library a token."""
    plain = without_credentials(error)
    return mask(plain, sorted(secrets_in(plain)))


@contextmanager
def _at_hand(source: Source) -> Iterator[Path]:
    """The evidence on this machine: where it lies, or fetched into a folder that goes away again."""
    if not source.is_remote:
        yield Path(source.url.removeprefix("file://"))
        return
    with TemporaryDirectory(prefix="forensics-fleet-") as folder:
        import fsspec  # an extra: a report needs none of it

        files, path = fsspec.core.url_to_fs(source.url)
        here = Path(folder) / path.rstrip("/").rpartition("/")[2]
        files.get(path, str(here), recursive=bool(files.isdir(path)))
        yield here


def content_hash(path: Path) -> str:
    """SHA-256 over names and bytes of a file or folder; links are named, not followed. Raises OSError."""
    whole = hashlib.sha256()
    for file in [path] if path.is_file() else sorted(p for p in path.rglob("*") if p.is_file() or p.is_symlink()):
        whole.update(f"{file.relative_to(path).as_posix()}\0".encode(errors="surrogateescape"))
        if file.is_symlink():
            whole.update(bytes(file.readlink()))
            continue
        with file.open("rb") as opened:
            while block := opened.read(_BLOCK):
                whole.update(block)
        whole.update(b"\0")
    return whole.hexdigest()


def fingerprint(text: str, status: int | None) -> tuple[str, str]:
    """What a provider said without ids, numbers and quoted values: (12 hex digits, the sentence that is left)."""
    left = " ".join(_FILLED_IN.sub("…", read_error_text(text).message).lower().split())
    sentence = clip(f"{status} {left}" if status else left, _WORDS)
    return hashlib.sha256(sentence[:_ALIKE].encode(errors="replace")).hexdigest()[:12], sentence


def _result(name: str, content: str, case: Case, began: float) -> CaseResult:
    release = case.releases[-1] if case.releases else UNKNOWN
    files, events = case.timeline.files, case.timeline
    row = CaseRow(
        case=name,
        content_hash=content,
        tool_version=tool_version(),
        release=release,
        releases=tuple(case.releases),
        verdict=case.verdict.verdict,
        incidents=len(case.incidents),
        files=len(files),
        lines=sum(file.lines for file in files),
        rejects=sum(file.rejects for file in files),
        unknown_kinds=len(case.unknown),
        first_time=events.first_time,
        last_time=events.last_time,
        seconds=round(time.perf_counter() - began, 3),
    )
    return CaseResult(
        name,
        cases=(row,),
        incidents=tuple(_incident(name, case, incident) for incident in case.incidents),
        findings=tuple(_findings(name, release, case)),
        windows=tuple(_windows(name, release, case)),
        unknown_records=tuple(_unknown(name, release, case)),
    )


def _incident(name: str, case: Case, incident: Incident) -> IncidentRow:
    first = incident.first_failure
    print_, words = fingerprint(first.text, first.http_status)
    over = incident.end and incident.start and (incident.end - incident.start).total_seconds()
    return IncidentRow(
        case=name,
        release=str(case.release.at(incident.start)) if incident.start and case.releases else UNKNOWN,
        incident=incident.id,
        provider=incident.provider,
        true_reason=incident.true_reason,
        recorded_reasons=incident.recorded_reasons,
        agreement=incident.verdict,
        owner=incident.owner,
        http_status=first.http_status,
        error_type=first.error_type,
        fingerprint=print_,
        words=words,
        confidence=first.confidence,
        start=incident.start,
        end=incident.end,
        recovery_s=over or None,
        failures=incident.failures,
        echoes=incident.echoes,
        windows=len(incident.windows),
    )


def _findings(name: str, release: str, case: Case) -> Iterator[FindingRow]:
    for finding in case.answers.findings:
        yield FindingRow(
            case=name,
            release=release,
            question=finding.detector,
            severity=finding.severity,
            confidence=finding.confidence,
            verdict=finding.verdict,
            summary=finding.summary,
            first_time=finding.first_time,
            last_time=finding.last_time,
        )


def _windows(name: str, release: str, case: Case) -> Iterator[WindowRow]:
    for window in case.window_rows:
        yield WindowRow(
            case=name,
            release=release,
            kind=window.kind,
            provider=window.provider,
            reason_recorded=window.reason_recorded,
            start=window.start,
            end=window.end,
        )


def _unknown(name: str, release: str, case: Case) -> Iterator[UnknownRow]:
    for kind in case.unknown:
        yield UnknownRow(
            case=name, release=release, level=kind.level, shape=kind.shape, records=kind.count, example=kind.example
        )
