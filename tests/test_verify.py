"""A bundle tells of every change, or says that it cannot: only a hash that was kept elsewhere tells of a new one."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest
import tampering
from collecting import SAMPLES, bundle_of
from typer.testing import CliRunner

from forensics.cli import app
from forensics.errors import BundleError
from forensics.sharing.bundle import verified

DOCS = Path(__file__).resolve().parents[1] / "docs" / "collecting.md"


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("bundle") / "case.zip"
    bundle_of(SAMPLES[0] / "evidence", out)
    return out


def changed(collected: Path, folder: Path, change: tampering.Change) -> Path:
    out = folder / "case.zip"
    out.write_bytes(change(collected.read_bytes()))
    return out


def verify(*arguments: str) -> tuple[int, list[str]]:
    done = CliRunner().invoke(app, ["verify", *arguments])
    return done.exit_code, done.stdout.splitlines()


@pytest.mark.parametrize("kind", tampering.SELF_TOLD)
def test_a_bundle_tells_of_every_change_that_left_its_hashes(kind: str, collected: Path, tmp_path: Path) -> None:
    change, word = tampering.SELF_TOLD[kind]
    differences = verified(changed(collected, tmp_path, change)).differences
    assert word in {difference.partition(":")[0] for difference in differences}


@pytest.mark.parametrize("again", [lambda bundle: tampering.packed(tampering.contents(bundle))])
def test_what_is_packed_anew_and_the_same_is_as_it_was(
    again: tampering.Change, collected: Path, tmp_path: Path
) -> None:
    """Else the changes above would be told for another reason."""
    assert verified(collected).differences == verified(changed(collected, tmp_path, again)).differences == ()
    assert tampering.layout(collected.read_bytes()).packed() == collected.read_bytes()


@pytest.mark.parametrize("kind", tampering.NO_BUNDLE)
def test_what_is_no_bundle_any_more_is_refused(kind: str, collected: Path, tmp_path: Path) -> None:
    with pytest.raises(BundleError, match="is no bundle"):
        verified(changed(collected, tmp_path, tampering.NO_BUNDLE[kind]))


@pytest.mark.parametrize("kind", tampering.RECOMPUTED)
def test_a_recomputed_bundle_is_told_by_the_hash_that_was_kept(kind: str, collected: Path, tmp_path: Path) -> None:
    kept = verified(collected).manifest_sha256
    bundle = changed(collected, tmp_path, tampering.RECOMPUTED[kind])
    assert verified(bundle).differences == ()
    assert [line.partition(":")[0] for line in verified(bundle, kept).differences] == ["another manifest"]


def test_verify_prints_both_hashes_and_what_they_prove(collected: Path) -> None:
    kept = verified(collected).manifest_sha256
    code, lines = verify(str(collected))
    assert (code, lines[-2:]) == (
        0,
        [f"manifest SHA-256  {kept}", f"bundle SHA-256    {hashlib.sha256(collected.read_bytes()).hexdigest()}"],
    )
    assert any("not of intent" in line and "--manifest-sha256" in line for line in lines)
    code, lines = verify(str(collected), "--manifest-sha256", f" {kept.upper()}\n")
    assert (code, any("not of intent" in line for line in lines)) == (0, False)
    code, lines = verify(str(collected), "--manifest-sha256", "0" * 64)
    assert (code, lines[0].startswith("another manifest:"), lines[-2]) == (1, True, f"manifest SHA-256  {kept}")


@pytest.mark.parametrize("given", ["", "abc", "g" * 64, "0" * 63])
def test_what_is_no_hash_is_refused(given: str, collected: Path) -> None:
    assert verify(str(collected), "--manifest-sha256", given)[0] != 0


def test_the_docs_list_every_kind_of_change() -> None:
    rows = re.findall(r"^\| (?P<kind>[^|]+?) \| `(?P<word>[^`|]+)` \|$", DOCS.read_text(encoding="utf-8"), re.M)
    told = {kind: word for kind, (_, word) in tampering.SELF_TOLD.items()}
    told |= dict.fromkeys(tampering.NO_BUNDLE, "is no bundle") | dict.fromkeys(tampering.RECOMPUTED, "another manifest")
    assert dict(rows) == told
