"""triage validate."""

from __future__ import annotations

import json
import shutil
import tempfile
from pathlib import Path

import click


@click.command("validate", short_help="Test this installation against known truth, for a lab.")
@click.option("--out", default="validation", show_default=True, type=click.Path(path_type=Path),
              help="Folder of the report.")  # fmt: skip
@click.option("--pages", default=40, show_default=True, type=click.IntRange(20),
              help="Pages of the main sample; all others are sized by it.")  # fmt: skip
@click.option("--seed", default=1, show_default=True, type=int, help="Of the samples.")
@click.option("--only", multiple=True, metavar="FUNCTION",
              help="A function (PAR) or assertion (PAR-07) alone; may be repeated.")  # fmt: skip
@click.option("--keep", is_flag=True, help="Leave returns and cases in OUT/work.")
@click.option("--json", "as_json", is_flag=True, help="The report as JSON on standard output.")
@click.option("--quiet", is_flag=True, help="No progress bar.")
def command(
    out: Path, pages: int, seed: int, only: tuple[str, ...], *, keep: bool, as_json: bool,
    quiet: bool,
) -> int:  # fmt: skip
    """Check numbered assertions about every function on invented returns whose truth is known.

    Writes validation-report.html, to be printed and signed, and validation-report.json. Ends with
    0 if every assertion passed, with 1 if one failed or could not be checked.

    Example:

        triage validate --out validation
    """
    from pipeline.errors import ConfigError
    from pipeline.files import private
    from pipeline.progress import Progress
    from pipeline.validate.base import Assertion, Result
    from pipeline.validate.ground import Settings
    from pipeline.validate.registry import chosen
    from pipeline.validate.runner import as_dict, validate
    from pipeline.validate.write import table, write

    items = chosen(only)
    work = out / "work"
    if keep and work.exists():
        raise ConfigError(f"{work}: is there already; name another folder by --out")
    try:
        out.mkdir(mode=0o700, parents=True, exist_ok=True)
        if keep:
            work.mkdir(mode=0o700)
        else:
            work = Path(tempfile.mkdtemp(prefix="triage-validate-"))
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error
    try:
        with (
            private(),
            Progress(quiet=quiet) as progress,
            progress.stage("validate", len(items), "assertions"),
        ):

            def tell(item: Assertion, result: Result | None) -> None:
                progress.note(item.id) if result is None else progress.step(1)

            report = validate(items, work.resolve(), Settings(pages, seed), only, tell)
        document = as_dict(report)
        page, data = write(document, out)
    except OSError as error:
        raise ConfigError(f"{out}: cannot be written ({error.strerror})") from error
    finally:
        if not keep:
            shutil.rmtree(work, ignore_errors=True)
    click.echo(json.dumps(document) if as_json else f"{table(document)}\n{page}\n{data}")
    return report.exit_code
