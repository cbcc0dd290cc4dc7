"""Many cases: found, triaged in workers, kept when something is killed, and equal to a triage of each alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import fsspec
import polars as pl
import pytest

from forensics import open_case
from forensics.errors import EvidenceError, ParameterError, RedactionError, ReportError
from forensics.fleet import dataset, one_case, questions
from forensics.fleet.aliases import aliases_file
from forensics.fleet.dataset import read_fleet
from forensics.fleet.journal import Journal
from forensics.fleet.one_case import (
    CaseResult,
    content_hash,
    done_key,
    failed,
    fingerprint,
    tool_version,
    triage_one,
)
from forensics.fleet.run import outcome, run_fleet
from forensics.fleet.sources import Source, find_sources, without_credentials
from forensics.report import fleet_tables
from forensics.report.fleet_report import run_fleet_report

SAMPLES = Path(__file__).parent.parent / "sample_data"
CASES = ("desync-2026.3.11", "healthy-2026.2.9", "scope403-2026.2.9")


def silent(_line: str) -> None:
    """Nobody listens."""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder of three good cases and a broken one."""
    for name in CASES:
        shutil.copytree(SAMPLES / name / "evidence", tmp_path / "cases" / name)
    (tmp_path / "cases" / "broken").mkdir()
    (tmp_path / "cases" / "broken" / "noise.bin").write_bytes(b"\0\1\2")
    return tmp_path / "cases"


@pytest.fixture(scope="module")
def scheduler():
    """Workers as threads of this process: quick, and the same code runs in them."""
    from distributed import LocalCluster

    with LocalCluster(n_workers=1, threads_per_worker=1, processes=False, dashboard_address=None) as cluster:
        yield cluster.scheduler_address


def names(*given: object) -> list[str]:
    return [source.name for source in find_sources([str(one) for one in given])]


def test_a_folder_of_cases_a_glob_and_a_list_name_the_same_cases(folder: Path) -> None:
    listed = folder.parent / "some.list"
    listed.write_text("# three of them\n" + "\n".join(f"cases/{name}" for name in CASES), encoding="utf-8")
    assert names(folder) == ["broken", *CASES]
    assert names(folder / "*-2026*") == list(CASES)
    assert names(listed) == list(CASES)
    assert names(folder, listed) == ["broken", *CASES]


def test_a_folder_that_looks_like_a_case_is_one(folder: Path) -> None:
    assert names(folder / CASES[2]) == [CASES[2]]


def test_what_holds_no_case_is_refused_by_name(tmp_path: Path) -> None:
    for given in (tmp_path, tmp_path / "nothing-*", tmp_path / "not-there", tmp_path / "no.list", "nosuch://bucket/x"):
        with pytest.raises(EvidenceError, match=str(given).replace("*", r"\*")):
            names(given)


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("sftp://ann:Pa55-w0rd@host/cases/one.zip", "sftp://host/cases/one.zip"),
        ("https://host/one.zip?X-Amz-Signature=deadbeef&x=1", "https://host/one.zip"),
        ("zip://*.log::s3://key:secret@bucket/one.zip", "zip://*.log::s3://bucket/one.zip"),
        ("/cases/what?/one@home", "/cases/what?/one@home"),
    ],
)
def test_no_password_of_an_address_is_kept(url: str, name: str) -> None:
    assert without_credentials(url) == name
    error = failed("x", "fetch", f"{url}: timed out").errors[0].error
    assert error.startswith(name)


def test_the_hash_is_of_names_and_bytes(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"1")
    before = content_hash(tmp_path)
    (tmp_path / "a").rename(tmp_path / "b")
    renamed = content_hash(tmp_path)
    (tmp_path / "b").write_bytes(b"2")
    assert len({before, renamed, content_hash(tmp_path)}) == 3


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            '429 {"error":{"message":"Rate limit for org-Xy12 reached: 30000 of 30000"}}',
            '429 {"error":{"message":"Rate limit for org-Zz99 reached: 12 of 500"}}',
        ),
        ('Model "a-1" is not there, see https://a.example/1', 'Model "b-2" is not there, see https://b.example/2?x=3'),
    ],
)
def test_words_that_differ_in_what_is_filled_in_have_one_fingerprint(one: str, other: str) -> None:
    assert fingerprint(one, 429) == fingerprint(other, 429)
    assert fingerprint(one, 429) != fingerprint(one, 500)
    assert fingerprint("overloaded", None) != fingerprint("not allowed", None)


def test_a_case_is_done_only_with_its_bytes_and_this_version(folder: Path) -> None:
    source = Source(str(folder / CASES[0]), CASES[0])
    key = done_key(content_hash(folder / CASES[0]), tool_version())
    assert triage_one(source, key, share=False).unchanged
    assert not triage_one(source, done_key("0" * 64, tool_version()), share=False).unchanged


def test_a_case_behind_a_url_is_fetched_and_gives_the_same(folder: Path) -> None:
    files = fsspec.filesystem("memory")
    files.put(str(folder / CASES[2]), "/bucket/far", recursive=True)
    (source,) = find_sources(["memory://bucket/far"])
    here = triage_one(Source(str(folder / CASES[2]), source.name), None, share=False)
    assert triage_one(source, None, share=False).incidents == here.incidents != ()


def test_what_breaks_is_a_row_with_its_error(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = triage_one(Source(str(folder / "broken"), "broken"), None, share=False).errors
    assert [(row.stage, row.case) for row in broken] == [("read", "broken")]

    def bug(_path: Path) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(one_case, "open_case", bug)
    (row,) = triage_one(Source(str(folder / CASES[0]), "x"), None, share=False).errors
    assert row.error == "ZeroDivisionError: oh"


def test_a_journal_that_was_cut_off_anywhere_keeps_every_whole_line(tmp_path: Path) -> None:
    whole = tmp_path / "whole"
    journal = Journal(whole)
    for name in ("a", "b", "c"):
        journal.add(one_case.failed(name, "read", "why"))
    journal.close()
    written = (whole / "journal.jsonl").read_bytes()
    ends = [n for n, byte in enumerate(written, 1) if byte == ord("\n")]
    for length in range(0, len(written) + 1, 7):
        cut = tmp_path / str(length)
        cut.mkdir()
        (cut / "journal.jsonl").write_bytes(written[:length])
        journal = Journal(cut)
        journal.add(one_case.failed("d", "read", "why"))
        kept = [result.name for result in journal.results()]
        journal.close()
        assert kept == [*"abc"[: sum(end - 1 <= length for end in ends)], "d"]


def test_a_fleet_equals_the_triage_of_each_case_and_is_not_done_twice(
    folder: Path, tmp_path: Path, scheduler: str
) -> None:
    out = tmp_path / "out"
    first = run_fleet(find_sources([str(folder)]), out, silent, scheduler=scheduler)
    again = run_fleet(find_sources([str(folder)]), out, silent, scheduler=scheduler)
    assert (first.cases, first.unchanged, first.errors) == (4, 0, 1)
    assert (again.cases, again.unchanged, again.errors) == (4, 4, 0)
    rows = again.fleet.table("incidents").sort("case", "incident").collect()
    alone = [
        (name, incident.id, incident.true_reason, incident.start)
        for name in CASES
        for incident in open_case(folder / name).incidents
    ]
    assert rows.select("case", "incident", "true_reason", "start").rows() == alone
    assert rows.height > 0


def test_the_latest_result_of_a_case_counts(folder: Path, tmp_path: Path, scheduler: str) -> None:
    out = tmp_path / "out"
    run_fleet(find_sources([str(folder)]), out, silent, scheduler=scheduler)
    shutil.rmtree(folder / CASES[2])
    shutil.copytree(SAMPLES / CASES[1] / "evidence", folder / CASES[2])
    after = run_fleet(find_sources([str(folder)]), out, silent, scheduler=scheduler)
    assert after.unchanged == 3
    cases = after.fleet.table("cases").filter(pl.col("case") == CASES[2]).collect()
    assert cases["incidents"].to_list() == [0]
    assert after.fleet.table("incidents").filter(pl.col("case") == CASES[2]).collect().is_empty()


def test_what_a_killed_run_had_done_is_in_the_next_dataset(folder: Path, tmp_path: Path, scheduler: str) -> None:
    out = tmp_path / "out"
    dataset.opened(out, shared=False)
    journal = Journal(out)  # a client that got as far as this, and was killed
    journal.add(triage_one(Source(str(folder / CASES[2]), CASES[2]), None, share=False))
    journal.close()
    run = run_fleet(find_sources([str(folder)]), out, silent, scheduler=scheduler)
    assert run.unchanged == 1
    assert run.fleet.table("cases").collect().height == 3


def test_redacted_and_other_rows_never_mix(tmp_path: Path) -> None:
    dataset.opened(tmp_path, shared=True)
    with pytest.raises(ReportError, match="redacted rows only"):
        dataset.opened(tmp_path, shared=False)


def test_nothing_of_a_redacted_fleet_names_a_case_a_path_or_a_person(tmp_path: Path, scheduler: str) -> None:
    cases = tmp_path / "acme-gmbh"
    shutil.copytree(SAMPLES / CASES[2] / "evidence", cases / "kim-surface")
    (cases / "maria-lopez").mkdir()
    (cases / "maria-lopez" / "noise.bin").write_bytes(b"\0\1\2")
    out = tmp_path / "fleet"
    run = run_fleet(find_sources([str(cases)]), out, silent, scheduler=scheduler, share=True)
    assert (run.cases, run.errors) == (2, 1)
    for file in (path for path in out.rglob("*") if path.is_file()):
        rows = pl.read_parquet(file).write_json() if file.suffix == ".parquet" else file.read_text(encoding="utf-8")
        assert not any(word in rows for word in ("kim-surface", "maria-lopez", "acme-gmbh", str(tmp_path))), file
    assert "case-00001,kim-surface" in aliases_file(out).read_text(encoding="utf-8")

    again = run_fleet(find_sources([str(cases)]), out, silent, scheduler=scheduler, share=True)
    assert again.unchanged == 2
    assert again.fleet.table("cases").collect()["case"].to_list() == ["case-00001"]

    aliases_file(out).unlink()
    with pytest.raises(ReportError, match=r"fleet\.names\.csv"):
        run_fleet(find_sources([str(cases)]), out, silent, scheduler=scheduler, share=True)


def test_every_case_is_counted_under_one_verdict(folder: Path, tmp_path: Path, scheduler: str) -> None:
    (folder / "cannot-tell").mkdir()
    (folder / "cannot-tell" / "auth-profiles.json").write_bytes(b"\xff\0")
    fleet = run_fleet(find_sources([str(folder)]), tmp_path / "out", silent, scheduler=scheduler).fleet
    n = questions.totals(fleet)
    assert (n["incident"], n["no_incident"], n["cannot_tell"], n["errors"]) == (2, 1, 1, 1)
    assert fleet_tables.summary(fleet).startswith(
        "5 cases: 2 with incidents, 1 without, 1 whose evidence cannot tell, 1 that could not be read. "
    )


def test_only_a_redacted_fleet_makes_a_page_to_hand_on(tmp_path: Path) -> None:
    dataset.opened(tmp_path / "fleet", shared=False)
    with pytest.raises(RedactionError, match="were not redacted"):
        run_fleet_report(tmp_path / "fleet", tmp_path, share=True)


def test_what_is_no_dataset_is_refused(tmp_path: Path) -> None:
    with pytest.raises(EvidenceError, match="no fleet dataset"):
        read_fleet(tmp_path)
    (tmp_path / "fleet.json").write_text('{"schema":"other/9","shared":false}', encoding="utf-8")
    with pytest.raises(EvidenceError, match="other/9"):
        read_fleet(tmp_path)


def test_an_empty_fleet_answers_every_question(tmp_path: Path) -> None:
    fleet = dataset.opened(tmp_path, shared=False)
    asked = (questions.causes, questions.wordings, questions.misfiled, questions.recovery, questions.unknown_records,
             questions.look_first, questions.errors)  # fmt: skip
    assert all(question(fleet).is_empty() for question in asked)
    assert set(questions.totals(fleet).values()) == {0}


def test_a_scheduler_that_is_not_there_is_said_in_one_line(folder: Path, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("forensics.fleet.cluster._PATIENCE", "1s")
    with pytest.raises(ParameterError, match="cannot be reached"):
        run_fleet(find_sources([str(folder)]), tmp_path / "out", silent, scheduler="tcp://127.0.0.1:1")


class Killed:
    """What Dask gives for a case whose workers were ended, one after the other."""

    status = "error"

    def exception(self) -> Exception:
        return type("KilledWorker", (Exception,), {})()


def test_a_case_that_ends_its_worker_each_time_is_a_row() -> None:
    (row,) = outcome(Killed(), Source("/cases/x", "x")).errors
    assert (row.case, row.stage) == ("x", "work")
    assert "want of memory" in row.error


def test_a_result_travels_whole(folder: Path) -> None:
    import msgspec

    result = triage_one(Source(str(folder / CASES[0]), CASES[0]), None, share=False)
    assert msgspec.json.decode(msgspec.json.encode(result), type=CaseResult) == result


@pytest.fixture
def bucket(folder: Path, monkeypatch: pytest.MonkeyPatch):
    """The cases in an S3 bucket of a server on loopback."""
    moto = pytest.importorskip("moto.server", reason="moto is not installed: no S3 to try")
    pytest.importorskip("s3fs", reason="s3fs is not installed: no S3 to try")
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "invented")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    files = fsspec.filesystem("s3", skip_instance_cache=True)
    files.mkdir("cases")
    files.put(f"{folder}/", "cases/", recursive=True)
    yield "s3://cases"
    server.stop()


@pytest.mark.slow
def test_a_bucket_gives_what_the_folder_gives(bucket: str, folder: Path) -> None:
    far, near = find_sources([bucket]), find_sources([str(folder)])
    assert [source.name for source in far] == [source.name for source in near]
    for there, here in zip(far, near, strict=True):
        fetched, read = triage_one(there, None, share=False), triage_one(here, None, share=False)
        assert (fetched.incidents, fetched.findings, fetched.windows) == (read.incidents, read.findings, read.windows)


def test_a_case_carries_the_verdict_of_its_triage(folder: Path) -> None:
    (row,) = triage_one(Source(str(folder / CASES[1]), "x"), None, share=False).cases
    assert row.verdict == open_case(folder / CASES[1]).verdict.verdict
