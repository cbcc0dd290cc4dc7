"""`forensics notebooks`: which there are, and what each takes."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from forensics.cli.printing import print_json


def notebooks(*, as_json: Annotated[bool, typer.Option("--json", help="The same for other programs.")] = False) -> None:
    """List the notebooks with their parameters; `forensics report --notebook NAME -p PARAMETER=VALUE` runs one."""
    from forensics.report.notebooks import describe_notebooks, in_words

    books = describe_notebooks()
    if as_json:
        print_json(books)
    else:
        sys.stdout.write(in_words(books))
