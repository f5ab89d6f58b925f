"""The command line: one file a noun; what a verb needs is imported when it runs, so that help comes at once.

Exit codes: 0 done, 1 refused (one line on stderr says why), 2 wrong usage. `--json` prints one JSON document on stdout.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from io import TextIOWrapper

from core.cli import calls, cti, database, exports, imports, mail, tickets, users
from core.cli.parsing import Parser
from core.cli.words import _

__all__ = ["build", "main"]


def build() -> Parser:
    """The whole grammar; importing it costs nothing but argparse."""
    parser = Parser(prog="python -m core", description=_("Mesa, the help desk: administration from the command line."))
    verbs = parser.verbs()
    for noun in (database, imports, calls, cti, tickets, mail, exports, users):
        noun.add(verbs)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; returns its exit code."""
    _say_anyway()
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
        if (reason := _setting_reason(error) or _database_reason(error)) is None:
            raise
        return _refused(reason)
    return 0


def _say_anyway() -> None:
    """What the terminal cannot show is written as an escape: by then the command is done, and must not seem to have failed."""
    if isinstance(sys.stdout, TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")


def _refused(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 1


def _setting_reason(error: Exception) -> str | None:
    """A sentence for a setting or words that cannot be read; None for anything else."""
    from sqlalchemy.exc import ArgumentError, NoSuchModuleError

    from core.config import BadSetting

    if isinstance(error, UnicodeEncodeError):
        return _("The words given are not in UTF-8. Nothing was saved; check the encoding of your terminal.")
    no_url = isinstance(error, NoSuchModuleError) or (isinstance(error, ArgumentError) and "SQLAlchemy URL" in str(error))
    if isinstance(error, BadSetting) or no_url:
        name = str(error) if isinstance(error, BadSetting) else "DATABASE_URL"
        return _("The setting {name} is not valid. Nothing was done; correct it in the environment or in .env.").format(name=name)
    return None


def _database_reason(error: Exception) -> str | None:
    """A sentence when the database itself does not serve (unreachable, no tables); None for an error of ours."""
    from sqlite3 import DatabaseError as DamagedFile  # raised bare while a connection is being made

    from sqlalchemy.exc import DatabaseError, DataError, IntegrityError, InterfaceError

    if not isinstance(error, (InterfaceError, DatabaseError, DamagedFile)) or isinstance(error, (IntegrityError, DataError)):
        return None
    detail = " ".join(str(getattr(error, "orig", error)).split())[:200]
    return _("The database refused: {detail}. Nothing was saved; python -m core doctor tells more.").format(detail=detail)
