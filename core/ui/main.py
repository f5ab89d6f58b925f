"""The script of every run: identify -> register all pages -> gate -> run (see core.ui.shell)."""

from core.ui import shell

shell.run()
