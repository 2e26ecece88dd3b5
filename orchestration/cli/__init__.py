"""The `cx` command.

Holds the commands and their options; each imports what it needs when it is called, so
that `cx --help` is quick. Does not hold what they do: that is in the sibling modules.
Tests: tests/orchestration/cli/
"""

# ruff: noqa: PLC0415  (imports inside commands keep `cx --help` under a second)

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

app = typer.Typer(
    help="Run and read the customer-experience warehouse.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
sandbox_app = typer.Typer(
    help="The embedded vendors: the same APIs on this machine, with invented data.",
    no_args_is_help=True,
)
app.add_typer(sandbox_app, name="sandbox")
files_app = typer.Typer(
    help="File sources: exports in a folder or bucket, with a mapping.",
    no_args_is_help=True,
)
app.add_typer(files_app, name="files")

AsJson = Annotated[bool, typer.Option("--json", help="Print one JSON document.")]


@app.command()
def run(
    source: Annotated[
        list[str] | None,
        typer.Option("--source", "-s", help="Pull only this source; may be repeated."),
    ] = None,
    as_of: Annotated[
        str | None,
        typer.Option(help="Build as of this instant (ISO 8601, UTC if no offset)."),
    ] = None,
    first_day: Annotated[
        str | None,
        typer.Option(
            "--from",
            help="Read days of --source again, from this one (2026-01-31, UTC).",
        ),
    ] = None,
    last_day: Annotated[
        str | None, typer.Option("--to", help="Last day to read again, read whole.")
    ] = None,
    no_pull: Annotated[
        bool, typer.Option("--no-pull", help="Build from what the lake holds already.")
    ] = False,
    sandbox: Annotated[
        bool, typer.Option("--sandbox", help="Pull from the embedded vendors.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Pull the sources, build, check and publish a release.

    With --from and --to, days of the sources are read again instead, week by week; the
    cursors stay where they are, and the next pull goes on as if nothing had been.

    Exit code 0: all well; 3: published, but a source is stale or failed; 4: refused at
    the gate, the last release stays; 1: error; 2: wrong usage.
    """
    from orchestration.cli import running as command

    raise typer.Exit(
        command.run(
            sources=source or [],
            days=(first_day, last_day),
            is_pulling=not no_pull,
            as_of=as_of,
            sandbox=sandbox,
            as_json=as_json,
        )
    )


@app.command()
def status(as_json: AsJson = False) -> None:
    """Show the published release, the last run, and how fresh each source is."""
    from orchestration.cli import standing

    standing.status(as_json)


@app.command()
def doctor(
    offline: Annotated[
        bool, typer.Option("--offline", help="Ask no vendor whether it answers.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Look for what is wrong, and say what to do: the first thing to type.

    Exit code 0: nothing failed; 1: something did.
    """
    from orchestration.cli import diagnosis as command

    raise typer.Exit(command.diagnose(offline=offline, as_json=as_json))


@app.command()
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT on schemas marts and meta.")],
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """Query the published release, read-only."""
    from orchestration.cli import reading

    reading.query(sql, as_json=as_json, as_csv=as_csv)


@app.command()
def releases(as_json: AsJson = False) -> None:
    """List the releases, newest first."""
    from orchestration.cli import reading

    reading.releases(as_json)


@app.command()
def rollback(
    release_id: Annotated[str, typer.Argument(help="A release of `cx releases`.")],
    as_json: AsJson = False,
) -> None:
    """Point readers to an earlier release."""
    from orchestration.cli import reading

    reading.rollback(release_id, as_json)


@app.command()
def ui(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1.")] = 3000,
    sandbox: Annotated[
        bool, typer.Option(help="Start the embedded vendors and pull from them.")
    ] = False,
) -> None:
    """Start the Dagster UI and its daemon on 127.0.0.1."""
    from orchestration.cli import web as command

    raise typer.Exit(command.serve(port=port, sandbox=sandbox))


@sandbox_app.command()
def serve(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; 0 chooses one.")] = 8765,
    customers: Annotated[int, typer.Option(min=1, help="Size of the world.")] = 200,
    seed: Annotated[int, typer.Option(help="Seed of the world.")] = 1,
    now: Annotated[
        str | None, typer.Option(help="Instant at which its clock stands (ISO 8601).")
    ] = None,
    rate_limits: Annotated[
        Literal["vendor", "raised", "off"], typer.Option(help="How strict they are.")
    ] = "raised",
    ticking: Annotated[
        bool, typer.Option("--ticking", help="Let its clock go on.")
    ] = False,
    newer_csat: Annotated[
        str | None,
        typer.Option(help="Since when Zendesk asks with its newer survey (ISO 8601)."),
    ] = None,
    fault: Annotated[
        list[str] | None,
        typer.Option(
            help="What goes wrong: [vendor[/path]:]name[:probability[:seed]];"
            " may be repeated."
        ),
    ] = None,
) -> None:
    """Serve the embedded vendors until interrupted."""
    from orchestration.cli import sandbox as command

    command.serve(
        port=port,
        customers=customers,
        seed=seed,
        now=now,
        limits=rate_limits,
        ticking=ticking,
        newer_csat=newer_csat,
        faults=fault or [],
    )


@sandbox_app.command()
def describe(
    customers: Annotated[int, typer.Option(min=20, help="Size of the world.")] = 5000,
    seed: Annotated[int, typer.Option(help="Seed of the world.")] = 1,
    now: Annotated[
        str | None, typer.Option(help="Instant at which its clock stands (ISO 8601).")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Show a world's distributions beside what is known of real companies."""
    from orchestration.cli import describing

    describing.describe(customers=customers, seed=seed, now=now, as_json=as_json)


@app.command()
def backup(
    path: Annotated[Path, typer.Argument(help="The file to write, such as cx.tar.")],
    as_json: AsJson = False,
) -> None:
    """Write the lake, the state and the published release into one file.

    It holds personal data; only you can read it.
    """
    from orchestration.cli import backing_up

    backing_up.backup(path, as_json=as_json)


@app.command()
def compact(as_json: AsJson = False) -> None:
    """Join the lake's many small files; nothing that is built of them changes."""
    from orchestration.cli import backing_up

    backing_up.compact(as_json=as_json)


@app.command()
def restore(
    path: Annotated[Path, typer.Argument(exists=True, help="A file of `cx backup`.")],
    replace: Annotated[
        bool,
        typer.Option("--replace", help="Set aside what is in the data folder now."),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Put a backup in the place of the data folder; readers get its release at once.

    A backup that is damaged changes nothing.
    """
    from orchestration.cli import backing_up

    backing_up.restore(path, is_replacing=replace, as_json=as_json)


@files_app.command("check")
def check_files(
    path: Annotated[
        Path, typer.Argument(exists=True, help="A folder with a mapping.yaml.")
    ],
    as_json: AsJson = False,
) -> None:
    """Say what would be taken from a folder and what is wrong; loads nothing.

    Exit code 0: everything would be taken; 1: something would not.
    """
    from orchestration.cli import files as command

    raise typer.Exit(command.check(path, as_json=as_json))


@files_app.command("template")
def template_of_files(
    entity: Annotated[str, typer.Argument(help="Such as customers, tickets, orders.")],
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print a file that fits the mapping.")
    ] = False,
) -> None:
    """Print an example of a mapping, with every column explained."""
    from orchestration.cli import files as command

    command.template(entity, as_csv=as_csv)


@files_app.command("export")
def export_files(
    folder: Annotated[
        Path, typer.Argument(help="Where to write; gets one folder per vendor.")
    ],
    as_json: AsJson = False,
) -> None:
    """Write what vendors brought as files with mappings, to keep or to move.

    A folder of them in the folder of file sources is a source: drop `zendesk/` there
    before you leave Zendesk, and its history stays in the metrics.
    """
    from orchestration.cli import files as command

    command.export_files(folder, as_json=as_json)


def main() -> None:
    """Run `cx`; every error ends as one screen and its exit code."""
    try:
        app()
    except (Exception, KeyboardInterrupt) as error:  # nothing ends in a traceback
        from orchestration.cli import screens

        raise SystemExit(screens.show(error, as_json="--json" in sys.argv)) from None
