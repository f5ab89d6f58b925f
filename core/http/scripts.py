"""The constant scripts of our pages, served from here because the content policy allows no inline ones."""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

# Run with the ticket in `data-ticket` after a sign-in, with `data-forget` after a sign-out; never sees the cookie.
COOKIE = """(() => {
  const data = document.currentScript.dataset;
  const send = (path, body) => fetch(path, {method: "POST", body, credentials: "same-origin",
    headers: {"Content-Type": "text/plain"}, redirect: "error", keepalive: true}).catch(() => {});
  if (data.ticket) send("auth/session", data.ticket);
  if (data.forget) send("auth/logout", "");
})();
"""

# "/" goes to the search box; "g" and then a letter opens a page of the menu. Not while somebody types.
# Streamlit opens a page with parameters in two steps: it puts them on the address of the page that is left, then changes the
# page. The entry of the first step is replaced by the second, so that one step back is the page with its own parameters.
# A table wider than its place can be reached, so that the arrow keys scroll it; not every browser sees to that itself.
KEYS = """(() => {
  if (window.mesaKeys) return;
  window.mesaKeys = true;
  const pages = {d: ["overview", "home"], t: ["tickets", "my_tickets"], c: ["calls"], a: ["articles"]};
  let since = -Infinity;  // when the keys were pressed, not when a busy page came to hear of them
  const link = (names) => names.map((name) =>
    document.querySelector(`[data-testid="stSidebarNavLink"][href$="/${name}"]`)).find(Boolean);
  document.addEventListener("keydown", (event) => {
    const at = event.target;
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (at.closest("input, textarea, select, [contenteditable=true], [role=dialog], [role=grid], canvas")) return;
    const target = event.timeStamp - since < 1500 && pages[event.key] ? link(pages[event.key]) : null;
    since = event.key === "g" ? event.timeStamp : -Infinity;
    const box = event.key === "/" ? document.querySelector(".st-key-shell_search input") : null;
    if (!target && !box) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    if (target) target.click();
    else box.focus();
  }, true);
  const push = history.pushState.bind(history);
  let half = 0;
  history.pushState = (state, title, url) => {
    const to = new URL(url, location.href);
    const stays = to.pathname === location.pathname;
    const second = !stays && to.search === location.search && Date.now() - half < 5000;
    if (second) history.replaceState(state, title, url);
    else push(state, title, url);
    half = stays ? Date.now() : 0;
  };
  const place = "[data-testid=stTable] > div";
  const watched = new ResizeObserver((entries) => entries.forEach(({target}) => {
    const box = target.closest(place);
    if (!box) return;
    if (box.scrollWidth > box.clientWidth) box.tabIndex = 0;
    else box.removeAttribute("tabindex");
  }));
  const watch = (box) => [box, ...box.children].forEach((each) => watched.observe(each));
  document.querySelectorAll(place).forEach(watch);
  new MutationObserver((changes) => changes.forEach((change) => change.addedNodes.forEach((node) => {
    if (node.nodeType === Node.ELEMENT_NODE) node.querySelectorAll(place).forEach(watch);
  }))).observe(document.body, {childList: true, subtree: true});
})();
"""

# Streamlit's own widgets speak English only: the few words of theirs that people meet, in the language of `data-locale`.
# Only what such a widget says itself is looked at, never what a person wrote.
WORDS = r"""(() => {
  window.mesaLocale = document.currentScript.dataset.locale;
  if (window.mesaWords) return window.mesaWords();
  const places = ["[data-testid=stFileUploader]", "[data-testid=InputInstructions]", "[data-testid=stElementToolbar]",
    "[role=listbox]", "[data-baseweb=calendar]"].join(",");
  const words = [[/^Upload$/, "Elegir archivos"], [/^file upload$/, "elegir archivos"], [/^Add files$/, "Agregar archivos"],
    [/^(\d+)MB per file.*$/, "$1 MB por archivo"], [/^Remove (.+)$/, "Quitar $1"],
    [/^File must be ([\d.]+)MB or smaller\.$/, "El archivo debe pesar $1 MB o menos."],
    [/^Press Enter to apply$/, "Presione Entrar para aplicar"],
    [/^Press Ctrl\+Enter to apply$/, "Presione Ctrl+Entrar para aplicar"],
    [/^Press Enter to submit form$/, "Presione Entrar para enviar"], [/^No results$/, "Sin resultados"],
    [/^No options to select\.?$/, "No hay opciones"], [/^Select all$/, "Elegir todo"], [/^Clear all$/, "Quitar todo"],
    [/^Fullscreen$/, "Pantalla completa"], [/^Close fullscreen$/, "Cerrar pantalla completa"], [/^Search$/, "Buscar"],
    [/^Show\/hide columns$/, "Mostrar u ocultar columnas"]];
  const said = (text) => {
    const found = words.find(([english]) => english.test(text.trim()));
    return found && text.trim().replace(found[0], found[1]);
  };
  const was = [];
  const put = (node, name, text) => {
    if (was.length > 500) was.splice(0, was.length, ...was.filter(([ref]) => ref.deref()));
    was.push([new WeakRef(node), name, name ? node.getAttribute(name) : node.nodeValue]);
    if (name) node.setAttribute(name, text);
    else node.nodeValue = text;
  };
  const back = () => was.splice(0).forEach(([ref, name, text]) => {
    const node = ref.deref();
    if (node && name) node.setAttribute(name, text);
    else if (node) node.nodeValue = text;
  });
  const speak = (node) => {
    if (window.mesaLocale !== "es") return;
    const element = node.nodeType === Node.TEXT_NODE ? node.parentElement : node;
    if (!element || !(element.closest(places) || (element.querySelector && element.querySelector(places)))) return;
    const texts = document.createTreeWalker(node, NodeFilter.SHOW_ALL);
    for (let each = node; each; each = texts.nextNode()) {
      if (each.nodeType === Node.TEXT_NODE) {
        const spoken = each.parentElement && each.parentElement.closest(places) && said(each.nodeValue);
        if (spoken) put(each, "", spoken);
      } else if (each.nodeType === Node.ELEMENT_NODE && each.closest(places)) {
        for (const name of ["aria-label", "title", "placeholder"]) {
          const spoken = each.hasAttribute(name) && said(each.getAttribute(name));
          if (spoken) put(each, name, spoken);
        }
      }
    }
  };
  new MutationObserver((changes) => changes.forEach((change) => {
    if (change.type === "childList") change.addedNodes.forEach(speak);
    else speak(change.target);
  })).observe(document.body, {childList: true, subtree: true, characterData: true});
  window.mesaWords = () => window.mesaLocale === "es" ? speak(document.body) : back();
  window.mesaWords();
})();
"""


def _script(body: str) -> Response:
    return Response(body, media_type="text/javascript", headers={"Cache-Control": "public, max-age=3600"})


def cookie(_request: Request) -> Response:
    """GET /auth/cookie.js."""
    return _script(COOKIE)


def keys(_request: Request) -> Response:
    """GET /auth/keys.js."""
    return _script(KEYS)


def words(_request: Request) -> Response:
    """GET /auth/words.js."""
    return _script(WORDS)


ROUTES = [Route("/auth/cookie.js", cookie, methods=["GET"]), Route("/auth/keys.js", keys, methods=["GET"]),
          Route("/auth/words.js", words, methods=["GET"])]
