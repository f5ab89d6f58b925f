"""Small pages without a script for people who come from a mail and may have no account: constant style, no data in it."""

from __future__ import annotations

import base64
import hashlib
from html import escape

from starlette.responses import Response

from core.config import get_settings
from core.i18n import current_locale

# Light and dark by the browser's own wish; contrasts of text are 4.5:1 and better in both.
STYLE = """
:root{color-scheme:light dark;--page:#f4f5f7;--card:#fff;--ink:#1d2430;--quiet:#56606e;--line:#8a94a3;--accent:#1f5fa8;
--on:#fff;--good:#1e7b3c;--bad:#b02525}
@media (prefers-color-scheme:dark){:root{--page:#0f131a;--card:#1a202a;--ink:#e8ebf0;--quiet:#a7b0bd;--line:#6c7684;
--accent:#7fb2ec;--on:#10151d;--good:#6fce8b;--bad:#ff8a80}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--ink);font:16px/1.5 "Source Sans 3","Source Sans Pro",system-ui,sans-serif}
main{max-width:34rem;margin:0 auto;padding:2rem 1.25rem}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1.5rem}
h1{font-size:1.5rem;line-height:1.25;margin:0 0 .5rem}
p{margin:.5rem 0;overflow-wrap:anywhere}.quiet{color:var(--quiet)}
.done{color:var(--good);font-weight:600}.wrong{color:var(--bad);font-weight:600}
fieldset{border:0;margin:1rem 0;padding:0}legend{font-weight:600;padding:0;margin-bottom:.5rem}
.choice{display:flex;align-items:center;gap:.75rem;border:1px solid var(--line);border-radius:8px;padding:.6rem .8rem;
margin:.4rem 0;cursor:pointer}
.choice:has(input:checked){border-color:var(--accent);box-shadow:inset 0 0 0 1px var(--accent)}
.choice input{width:1.2rem;height:1.2rem;margin:0;accent-color:var(--accent);flex:none}
.choice span{white-space:nowrap}
label.block{display:block;font-weight:600;margin-top:1rem}
textarea{width:100%;min-height:6rem;margin-top:.35rem;padding:.6rem;font:inherit;color:inherit;background:var(--page);
border:1px solid var(--line);border-radius:8px}
button{margin-top:1rem;padding:.7rem 1.2rem;font:inherit;font-weight:600;color:var(--on);background:var(--accent);border:0;
border-radius:8px;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
"""
_DIGEST = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
POLICY = (f"default-src 'none'; style-src 'sha256-{_DIGEST}'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'")
HEADERS = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store, private", "X-Robots-Tag": "noindex"}


def page(title: str, body: str, status: int = 200) -> Response:
    """A page in the present language. `body` is HTML of ours, in which every word from outside went through `text`."""
    name = escape(get_settings().base_url.partition("://")[2].rstrip("/"))
    html = (f'<!doctype html><html lang="{current_locale()}"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">'
            f"<title>{escape(title)} · Mesa</title><style>{STYLE}</style></head><body><main>"
            f'<div class="card"><h1>{escape(title)}</h1>{body}</div><p class="quiet">Mesa · {name}</p></main></body></html>')
    return Response(html, status, HEADERS, "text/html; charset=utf-8")


def paragraph(words: str, kind: str = "") -> str:
    """A paragraph of plain words; `kind` done, wrong or quiet."""
    role = ' role="status"' if kind == "done" else ' role="alert"' if kind == "wrong" else ""
    return f'<p class="{kind}"{role}>{escape(words)}</p>' if kind else f"<p>{escape(words)}</p>"
