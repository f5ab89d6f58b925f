"""argparse with the house's language, and types of arguments that several nouns share."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NoReturn

from core.cli.words import _, n_

Run = Callable[[argparse.Namespace], None]


class _Formatter(argparse.HelpFormatter):
    """Help with the word for usage in the present language."""

    def add_usage(self, usage: str | None, actions: Iterable[argparse.Action], groups: Iterable[Any],
                  prefix: str | None = None) -> None:
        """Say `Uso:` where argparse says `usage:`."""
        super().add_usage(usage, actions, groups, f"{_('Usage')}: " if prefix is None else prefix)


class Parser(argparse.ArgumentParser):
    """A parser that speaks the present language; wrong usage ends with 2."""

    def __init__(self, prog: str, description: str | None = None) -> None:
        super().__init__(prog=prog, description=description, add_help=False, formatter_class=_Formatter, allow_abbrev=False)
        self._positionals.title = _("Arguments")
        self._optionals.title = _("Options")
        self.add_argument("-h", "--help", action="help", help=_("shows this help"))

    def verbs(self) -> Verbs:
        """The place where sub-commands are added."""
        return Verbs(self.add_subparsers(title=_("Commands"), metavar=_("COMMAND"), required=True, parser_class=Parser))

    def error(self, message: str) -> NoReturn:
        """One line on stderr and exit code 2."""
        print(f"{self.prog}: {_said(message)} {_('See --help.')}", file=sys.stderr)
        raise SystemExit(2)


class Verbs:
    """Sub-commands of a parser."""

    def __init__(self, actions: Any) -> None:
        self._actions = actions

    def noun(self, name: str, text: str) -> Verbs:
        """A command that only has sub-commands."""
        parser: Parser = self._actions.add_parser(name, help=text, description=text)
        return parser.verbs()

    def verb(self, name: str, text: str, run: Run, *, json: bool = True, actor: bool = False) -> Parser:
        """A command that does something: `run(options)`. `actor`: it takes `--as USERNAME`."""
        parser: Parser = self._actions.add_parser(name, help=text, description=text)
        parser.set_defaults(run=run, json=False)
        if json:
            parser.add_argument("--json", action="store_true", help=_("prints one JSON document"))
        if actor:
            parser.add_argument("--as", dest="actor", metavar="USERNAME",
                                help=_("acts as this user (default: the system itself)"))
        return parser


_SAID = (
    (r"the following arguments are required: (.*)", n_("Missing: {text}.")),
    (r"unrecognized arguments: (.*)", n_("Not known: {text}.")),
    (r"argument (.*): expected (?:one|at least one) argument", n_("{text} needs a value.")),
    (r"argument (?P<name>.*): invalid choice: (?P<text>.*) \(choose from (?P<known>.*)\)",
     n_("{name}: {text} is none of {known}.")),
    (r"argument (.*: .*)", n_("Wrong value ({text}).")),
)


def _said(message: str) -> str:
    for pattern, sentence in _SAID:
        if found := re.fullmatch(pattern, message, re.DOTALL):
            return _(sentence).format(**{"text": found[1], **found.groupdict()})
    return message


def codes(*known: str) -> Callable[[str], tuple[str, ...]]:
    """Type of an argument that lists codes: `open,pending`."""
    def read(text: str) -> tuple[str, ...]:
        chosen = tuple(part.strip() for part in text.split(",") if part.strip())
        if not chosen or not set(chosen) <= set(known):
            raise argparse.ArgumentTypeError(_("“{text}” is none of {known}.").format(text=text, known=", ".join(known)))
        return chosen
    return read


def day(text: str) -> date:
    """Type of an argument that is a day: `2026-11-25`."""
    try:
        found = date.fromisoformat(text)
        if found.isoformat() != text or not 1900 <= found.year <= 2200:  # the years of `core.tickets.filters`
            raise ValueError(text)
        return found
    except ValueError:
        raise argparse.ArgumentTypeError(_("“{text}” is not a day like 2026-11-25.").format(text=text)) from None


def positive(text: str) -> int:
    """Type of an argument that counts from 1."""
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**53:
        raise argparse.ArgumentTypeError(_("“{text}” is not a whole number from 1.").format(text=text))
    return int(text)
