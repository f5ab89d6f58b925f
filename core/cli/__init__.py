"""The command line: one file a noun; what a verb needs is imported when it runs, so that help comes at once.

Exit codes: 0 done, 1 refused (one line on stderr says why), 2 wrong usage. `--json` prints one JSON document on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from core.cli import calls, database, exports, imports, tickets, users
from core.cli.parsing import Parser
from core.cli.words import _

__all__ = ["build", "main"]


def build() -> Parser:
    """The whole grammar; importing it costs nothing but argparse."""
    parser = Parser(prog="python -m core", description=_("Mesa, the help desk: administration from the command line."))
    verbs = parser.verbs()
    for noun in (database, imports, calls, tickets, exports, users):
        noun.add(verbs)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    options = build().parse_args(arguments)
    from core.errors import DeskError

    try:
        options.run(options)
    except DeskError as error:
        return _refused(" ".join(str(error).split()))
    except BrokenPipeError:
        sys.stderr.close()  # the reader of a pipe went away: nothing is left to say
        return 0
    except KeyboardInterrupt:
        return _refused(_("Interrupted. Nothing more was saved."))
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        return _refused(f"{error.strerror or error}{where}")
    except Exception as error:
        if (reason := _database_reason(error)) is None:
            raise
        return _refused(reason)
    return 0


def _refused(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


def _database_reason(error: Exception) -> str | None:
    """A sentence when the database itself does not serve (unreachable, no tables); None for an error of ours."""
    from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError

    if not isinstance(error, (InterfaceError, OperationalError, ProgrammingError)):
        return None
    detail = " ".join(str(error.orig).split())[:200]
    return _("The database refused: {detail}. Nothing was saved; python -m core doctor tells more.").format(detail=detail)
