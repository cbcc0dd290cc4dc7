"""What a fleet is asked: aggregates of its tables, small however many cases there are."""

from __future__ import annotations

from typing import get_args

import polars as pl

from forensics.fleet.dataset import Fleet
from forensics.incidents.case_verdict import Verdict
from forensics.openclaw.releases import Release

_MOST = 40  # rows of one answer; the dataset holds the rest
_JUDGED = ("agrees", "misclassified", "weak")  # an undecidable one says nothing of a release
UNKNOWN = "unknown"


def by_release(names: list[str]) -> list[str]:
    """Releases in the order they appeared, what is no release last."""
    return sorted(names, key=lambda name: (Release.parse(name) is None, Release.parse(name) or Release(0, 0, 0), name))


def causes(fleet: Fleet) -> pl.DataFrame:
    """release, provider, true_reason, cases, incidents: which causes hit how many, the most first."""
    keys = ("release", "provider", "true_reason")
    counted = fleet.table("incidents").group_by(keys).agg(pl.n_unique("case").alias("cases"), incidents=pl.len())
    return counted.sort("cases", "incidents", *keys, descending=[True, True, False, False, False]).collect()


def wordings(fleet: Fleet) -> pl.DataFrame:
    """fingerprint, words, provider, true_reason, cases, releases, first seen: what was said, the commonest first."""
    grouped = fleet.table("incidents").group_by("fingerprint")
    counted = grouped.agg(
        pl.col("words").sort_by(pl.col("words").str.len_chars(), "words", descending=[True, False]).first(),
        pl.col("provider").mode().sort().first(),
        pl.col("true_reason").mode().sort().first(),
        pl.n_unique("case").alias("cases"),
        pl.col("release").unique().sort().alias("releases"),
        pl.min("start").alias("first_seen"),
    )
    return counted.sort("cases", "fingerprint", descending=[True, False]).head(_MOST).collect()


def misfiled(fleet: Fleet) -> pl.DataFrame:
    """release, judged, misclassified, share: how often a release recorded a reason that contradicts the answer."""
    judged = fleet.table("incidents").filter(pl.col("agreement").is_in(_JUDGED), pl.col("release") != UNKNOWN)
    wrong = (pl.col("agreement") == "misclassified").sum()
    counted = judged.group_by("release").agg(judged=pl.len(), misclassified=wrong).collect()
    order = pl.DataFrame({"release": by_release(counted["release"].to_list())}, schema={"release": pl.String()})
    shares = counted.with_columns((pl.col("misclassified") / pl.col("judged")).alias("share"))
    return order.join(shares, on="release", how="left", maintain_order="left")


def recovery(fleet: Fleet) -> pl.DataFrame:
    """true_reason, incidents, over, p10, median, p90: seconds from the first failure to the first answer."""
    seconds = pl.col("recovery_s")
    measured = fleet.table("incidents").group_by("true_reason").agg(
        incidents=pl.len(),
        over=seconds.count(),
        p10=seconds.quantile(0.1),
        median=seconds.median(),
        p90=seconds.quantile(0.9),
    )  # fmt: skip
    return measured.sort("incidents", "true_reason", descending=[True, False]).collect()


def unknown_records(fleet: Fleet) -> pl.DataFrame:
    """shape, level, cases, records, case, example: warnings and errors that no template knows, the commonest first."""
    grouped = fleet.table("unknown_records").group_by("shape", "level")
    counted = grouped.agg(
        pl.n_unique("case").alias("cases"),
        pl.sum("records"),
        pl.col("example").sort_by("case").first(),
        pl.col("case").sort().first(),
    )
    return counted.sort("cases", "records", "shape", descending=[True, True, False]).head(_MOST).collect()


def look_first(fleet: Fleet) -> pl.DataFrame:
    """case, release, why: cases nobody understands or that hurt still, the most puzzling first.

    A cause that is unknown weighs most, then one that is not over, then low confidence, then records nobody knows.
    """
    incidents = fleet.table("incidents")
    puzzles = incidents.group_by("case").agg(
        unclear=(pl.col("true_reason") == UNKNOWN).sum(),
        open=pl.col("end").is_null().sum(),
        unsure=(pl.col("confidence") == "low").sum(),
    )
    cases = fleet.table("cases").select("case", "release", "unknown_kinds", "rejects")
    joined = cases.join(puzzles, on="case", how="left").fill_null(0)
    order = ("unclear", "open", "unsure", "unknown_kinds")
    worth = joined.filter(pl.sum_horizontal(*order) > 0).sort(*order, "case", descending=[True] * 4 + [False])
    return worth.head(_MOST).collect()


def errors(fleet: Fleet) -> pl.DataFrame:
    """error, stage, cases, case: why cases could not be looked at, the commonest first."""
    grouped = fleet.table("errors").with_columns(pl.col("error").str.replace(r"^[^:]{1,200}: ", "").alias("error"))
    counted = grouped.group_by("error", "stage").agg(cases=pl.len(), case=pl.col("case").sort().first())
    return counted.sort("cases", "error", descending=[True, False]).head(_MOST).collect()


def totals(fleet: Fleet) -> dict[str, int]:
    """How many: cases, of each verdict, incidents, misclassified, open, errors."""
    cases, incidents = fleet.table("cases"), fleet.table("incidents")
    verdicts = {name.replace(" ", "_"): (pl.col("verdict") == name).sum() for name in get_args(Verdict)}
    read = cases.select(pl.len().alias("cases"), **verdicts).collect().row(0, named=True)
    wrong, unended = (pl.col("agreement") == "misclassified").sum(), pl.col("end").is_null().sum()
    hurt = incidents.select(incidents=pl.len(), misclassified=wrong, open=unended).collect().row(0, named=True)
    return {**read, **hurt, "errors": fleet.table("errors").select(pl.len()).collect().item()}
