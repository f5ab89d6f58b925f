"""`init`, `doctor`, `backup`, `restore`, `jobs`, `bench`: the desk as a whole."""

from __future__ import annotations

import argparse
from pathlib import Path

from core.cli.parsing import Verbs
from core.cli.words import _


def add(verbs: Verbs) -> None:
    """Grammar of what concerns the whole desk."""
    init = verbs.verb("init", _("creates or upgrades the database"), _init)
    init.add_argument("--demo", action="store_true", help=_("fills a marked demo company"))
    verbs.verb("doctor", _("checks database, migrations, mail, attachment store and worker"), _doctor)
    jobs = verbs.verb("jobs", _("does the timed work: mail, behaviour, cleaning"), _jobs)
    jobs.add_argument("--once", action="store_true", help=_("one pass, then ends"))
    jobs.add_argument("--parent", type=int, metavar="PID", help=_("ends when this process is no longer its parent"))
    backup = verbs.verb("backup", _("writes database and attachments into one archive"), _backup)
    backup.add_argument("file", type=Path, metavar="FILE")
    restore = verbs.verb("restore", _("brings back an archive that backup wrote"), _restore)
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--replace", action="store_true", help=_("the desk that is there may be replaced"))
    verbs.verb("reindex", _("builds the text index of the tickets anew"), _reindex)
    bench = verbs.verb("bench", _("measures the desk on generated data of a fixed seed"), _bench)
    bench.add_argument("--size", choices=("small", "medium", "large"), default="small", help=_("how much data (default: small)"))


def _init(options: argparse.Namespace) -> None:
    from core.cli import founding, running

    founded = founding.found(demo=options.demo, tell=lambda share, what: running.remark(f"{share:4.0%}  {what}"))
    running.show(options, founded.to_dict(), founded.lines())


def _doctor(options: argparse.Namespace) -> None:
    from core import doctor
    from core.cli import running
    from core.errors import DeskError

    checks = doctor.examine()
    ok = all(check.ok for check in checks)
    document = {"ok": ok, "checks": [check.to_dict() for check in checks]}
    lines = [f"{'OK  ' if check.ok else '!!  '}{check.name}: {check.found}" + (f"\n      {check.mend}" if check.mend else "")
             for check in checks]
    running.show(options, document, lines)
    if not ok:
        wrong = ", ".join(check.name for check in checks if not check.ok)
        raise DeskError(_("Something is wrong: {checks}.").format(checks=wrong))


def _jobs(options: argparse.Namespace) -> None:
    from core import jobs
    from core.cli import running

    running.ready()
    if options.once:
        counts = jobs.once()
        running.show(options, counts, [f"{name}: {count}" for name, count in counts.items()])
        return
    running.remark(_("Working until it is stopped (Ctrl+C)."))
    jobs.forever(parent=options.parent)


def _reindex(options: argparse.Namespace) -> None:
    from core import work as works
    from core.access import SYSTEM
    from core.cli import running
    from core.tickets import renaming

    running.ready()
    with works.begin(SYSTEM) as work:
        count = renaming.reindex(work)
    running.show(options, {"tickets": count}, _("Indexed anew: {count} tickets.").format(count=count))


def _backup(options: argparse.Namespace) -> None:
    from core import backups
    from core.cli import running

    running.ready()
    made = backups.backup(options.file)
    running.show(options, made, _("Backup written: {path} ({files} attachments, {size} MB).").format(
        path=made["path"], files=made["files"], size=round(made["bytes"] / 2**20, 1)))


def _restore(options: argparse.Namespace) -> None:
    from core import backups
    from core.cli import running

    done = backups.restore(options.file, replace=options.replace)
    running.show(options, done, _("Restored: {files} attachments; database of version {version}.").format(
        files=done["files"], version=done["version"]))


def _bench(options: argparse.Namespace) -> None:
    from core import bench
    from core.cli import running

    measured = bench.run(options.size)
    running.show(options, measured, running.table(measured))
