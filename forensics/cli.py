"""`forensics`: triage and report from the command line. The answer goes to stdout, progress and errors to stderr.

Each command loads what it needs when it runs: `forensics --help` and a mistyped option are answered at once.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from typer.exceptions import TyperException

from forensics.errors import ForensicsError, ParameterError
from forensics.text import json_text, moment, visible
from forensics.when import FORMS

if TYPE_CHECKING:
    from forensics.case import Case

app = typer.Typer(
    name="forensics",
    help="Find the first real failure behind an OpenClaw cooldown.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Evidence = Annotated[
    list[Path],
    typer.Argument(help="State directory, home, folder, log file, pasted text, .zip, .tar.gz; several are one case."),
]
_FORMS = f"{FORMS}. What has no zone is in --timezone, else UTC; 2h and today count from --now"
LiveEvidence = Annotated[
    list[Path] | None,
    typer.Argument(
        help="State directory, home, folder, log file, pasted text, .zip, .tar.gz; several are one case. Without it: "
        "this machine, as `collect` looks at it: state, logs in /tmp/openclaw and as configured, journal, logins."
    ),
]
Since = Annotated[str | None, typer.Option(help=f"Only what happened from then on: {_FORMS}.")]
Until = Annotated[str | None, typer.Option(help="Only what happened up to then; no question is asked of later times.")]
Provider = Annotated[str | None, typer.Option(help="Only this provider's incidents.")]
Agent = Annotated[str | None, typer.Option(help="Only this agent's incidents.")]
Now = Annotated[
    str | None, typer.Option(help="The moment 'is it still blocked' asks about (default: the last of the evidence).")
]
Timezone = Annotated[
    str | None, typer.Option(help="IANA zone for times that state none, here and in the evidence: Europe/Berlin.")
]
Rules = Annotated[
    Path | None, typer.Option(help="A file with sentences of your own providers; docs/extending.md shows one.")
]


@app.callback()
def _root() -> None:
    """Keeps sub-commands even while there are few."""


@app.command()
def triage(
    evidence: LiveEvidence = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The machine-readable contract instead of the page.")] = False,
    since: Since = None,
    until: Until = None,
    provider: Provider = None,
    agent: Agent = None,
    now: Now = None,
    timezone: Timezone = None,
    rules: Rules = None,
) -> None:
    """Say what failed first, since when, why, and what to do. Exit 0: none, 1: one or not to be told, 2: unusable."""
    from forensics.case import open_case
    from forensics.openclaw.reasons import add_own_rules
    from forensics.sharing.host import live_paths, stopped_cleanly

    if rules:
        add_own_rules(rules)
    with stopped_cleanly(), nullcontext(evidence) if evidence else live_paths(Path.home()) as paths:
        case = open_case(paths, since=since, until=until, provider=provider, agent=agent, now=now, timezone=timezone)
    if as_json:
        _print_json(case.triage())
    else:
        _print_page(case)
    raise typer.Exit(case.verdict.exit_code)


@app.command()
def report(
    evidence: Evidence,
    *,
    out: Annotated[Path, typer.Option("--out", "-o", help="Folder for the report; made if need be.")] = Path("report"),
    notebook: Annotated[str, typer.Option(help="Which notebook to run.")] = "postmortem",
    parameter: Annotated[
        list[str] | None,
        typer.Option("--parameter", "-p", help="NAME=VALUE of the notebook; JSON values or plain text."),
    ] = None,
    share: Annotated[
        bool, typer.Option("--share", help="Only what may leave: redacted, checked, in the folder share/.")
    ] = False,
    since: Since = None,
    until: Until = None,
    provider: Provider = None,
    agent: Agent = None,
    now: Now = None,
    timezone: Timezone = None,
) -> None:
    """Run a notebook over evidence or a fleet: the executed notebook, and one HTML file that needs nothing."""
    from forensics.fleet.dataset import is_fleet
    from forensics.report.fleet_report import run_fleet_report
    from forensics.report.run import run_report
    from forensics.report.share import run_share

    if is_fleet(evidence[0]):
        _print_paths(run_fleet_report(evidence[0], out, _parameters(parameter or []), _progress, share=share))
        return
    options = {"since": since, "until": until, "provider": provider, "agent": agent, "now": now, "timezone": timezone}
    given = {name: value for name, value in options.items() if value is not None}
    run = run_share if share else run_report
    files = run(evidence, out, notebook, {**given, **_parameters(parameter or [])}, _progress)
    _print_paths(files.paths)


@app.command()
def fleet(
    source: Annotated[
        list[str],
        typer.Argument(help="Folder of cases, glob, .list file or URL (s3://, gcs://, sftp://); several are one run."),
    ],
    *,
    out: Annotated[
        Path, typer.Option("--out", "-o", help="Folder of the dataset; one that is there is added to.")
    ] = Path("fleet"),
    scheduler: Annotated[
        str | None,
        typer.Option(help="Address of a Dask scheduler, such as tcp://10.0.0.5:8786, instead of workers here."),
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="How many workers here (default: one a core).")] = None,
    share: Annotated[bool, typer.Option("--share", help="Keep redacted rows only, fit to be handed on.")] = False,
) -> None:
    """Triage many cases at once into one Parquet dataset. Exit 0: done, 2: not usable. Run again, it goes on."""
    from forensics.fleet.run import run_fleet  # Dask is an extra, and slow to load
    from forensics.fleet.sources import find_sources

    done = run_fleet(find_sources(source), out, _tell, scheduler=scheduler, count=workers, share=share)
    sys.stdout.write(f"{done.sentence}\nThe dataset: {out}\nIts page: forensics report {out}\n")


@app.command()
def explain(
    detector: Annotated[str | None, typer.Argument(help="Its name; without one, all of them in one line each.")] = None,
) -> None:
    """Say what a detector asks, which evidence it looks at, what makes it fire, and what it cannot see."""
    from forensics.detectors.explain import explanation, named, overview

    sys.stdout.write((explanation(named(detector)) if detector else overview()) + "\n")


@app.command()
def diff(
    case_a: Annotated[Path, typer.Argument(metavar="CASE_A", help="Evidence from before, or of one host.")],
    case_b: Annotated[Path, typer.Argument(metavar="CASE_B", help="Evidence from after, or of the other host.")],
    *,
    as_json: Annotated[bool, typer.Option("--json", help="The same for other programs.")] = False,
    timezone: Timezone = None,
) -> None:
    """Say what went, came, stayed and changed. Exit 0: nothing new in B, 1: something came or is worse, 2: unusable."""
    from forensics.case import open_case
    from forensics.parsers.clocks import zone_named
    from forensics.report.diff import compare, contract
    from forensics.report.diff.words import answer, page

    zone_named(timezone)
    comparison = compare(open_case(case_a, timezone=timezone), open_case(case_b, timezone=timezone))
    if as_json:
        _print_json(contract(comparison, answer(comparison)))
    else:
        sys.stdout.write(page(comparison) + "\n")
    raise typer.Exit(1 if comparison.worse else 0)


@app.command()
def collect(
    evidence: Annotated[
        list[Path] | None, typer.Argument(help="What to collect; without it, what is found in the home.")
    ] = None,
    *,
    home: Annotated[Path, typer.Option(help="The home whose state, logs and logins are looked for.")] = Path("~"),
    out: Annotated[Path, typer.Option("--out", "-o", help="The bundle to write.")] = Path("case.zip"),
    force: Annotated[bool, typer.Option("--force", help="Replace a file of that name.")] = False,
) -> None:
    """Put the evidence into one file to hand over: no tokens, no messages, and a manifest that proves what it was."""
    from forensics.sharing.bundle import Place, collect, told
    from forensics.sharing.host import about, places_of, stopped_cleanly

    home = home.expanduser()
    with stopped_cleanly(), nullcontext([Place(evidence)]) if evidence else places_of(home) as places:
        bundle = collect(places, out, about(home), _progress, force=force)
    sys.stdout.write(f"{bundle.path}\n{bundle.sha256}\n")
    sys.stderr.write(told(bundle.manifest) + "\n")


@app.command()
def verify(bundle: Annotated[Path, typer.Argument(help="A bundle that `forensics collect` wrote.")]) -> None:
    """Check a collected bundle against its manifest. Exit 0: all as it was, 1: something differs, 2: no bundle."""
    from forensics.sharing.bundle import problems

    manifest, found = problems(bundle)
    as_it_was = f"{len(manifest.files)} files, as they were collected at {moment(manifest.collected_at)}"
    sys.stdout.write("\n".join(found or [as_it_was]) + "\n")
    raise typer.Exit(1 if found else 0)


def _parameters(pairs: list[str]) -> dict[str, object]:
    """`NAME=VALUE` pairs; a value that is not JSON is taken as text."""
    import msgspec

    found: dict[str, object] = {}
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not name or not equals:
            raise ParameterError(f"--parameter {pair!r} is not NAME=VALUE; write it like -p provider=anthropic")
        try:
            found[name] = msgspec.json.decode(text)
        except msgspec.DecodeError:
            found[name] = text
    return found


def _progress(done: int, total: int, heading: str) -> None:
    sys.stderr.write(f"[{done}/{total}] {visible(heading)}\n")


def _print_paths(paths: Sequence[Path]) -> None:
    sys.stdout.write("".join(f"{path}\n" for path in paths))


def _tell(line: str) -> None:
    sys.stderr.write(f"{visible(line)}\n")


def _print_json(document: object) -> None:
    sys.stdout.write(json_text(document) + "\n")


def _print_page(case: Case) -> None:
    from rich.console import Console

    from forensics.report.terminal import page

    console = Console(soft_wrap=True, highlight=False)
    console.print(page(case, console.width))


def main() -> None:
    """Run the command; every error of ours is one line on stderr and exit code 2."""
    try:
        code = app(standalone_mode=False)
    except ForensicsError as error:
        code = _refused(str(error))
    except (typer.Abort, KeyboardInterrupt):
        code = _refused("interrupted")
    except TyperException as error:
        sentence = getattr(error, "format_message", error.__str__)()
        code = _refused(f"{sentence} See forensics --help.")
    sys.exit(code or 0)


def _refused(sentence: str) -> int:
    sys.stderr.write(f"forensics: {visible(sentence)}\n")
    return 2
