"""`python -m core <verb>`: the command line of the desk."""

from core.cli import main

if __name__ == "__main__":
    raise SystemExit(main())
