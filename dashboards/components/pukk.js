// What Streamlit does not do itself.
// 0. The server is at the root. Streamlit would ask below every page first, and get two 404.
window.__streamlit = { ...window.__streamlit, BACKEND_BASE_URL: `${location.origin}/` };
// 1. Single keys must not act (WCAG 2.1.4): r reruns the page and c clears the cache.
document.addEventListener(
  "keydown",
  (event) => {
    const typing = event.target.closest?.("input, textarea, select, [contenteditable=true]");
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && /^[rc]$/i.test(event.key)) {
      event.stopImmediatePropagation();
    }
  },
  true,
);
// 2. The document says which language it is in, also after the reader has changed it.
const sayLanguage = () => {
  const code = new URLSearchParams(location.search).get("lang");
  if (code) document.documentElement.lang = code;
};
const onlyAdds = (to) => {
  const next = new URL(to, location.href);
  const said = [...new URLSearchParams(location.search)];
  return (
    next.pathname === location.pathname &&
    said.every(([key, code]) => next.searchParams.get(key) === code)
  );
};
for (const name of ["pushState", "replaceState"]) {
  const original = history[name];
  history[name] = function (...args) {
    // an address that is only completed is the same place: no step to go back to
    const completes = name === "pushState" && args[2] !== undefined && onlyAdds(args[2]);
    (completes ? history.replaceState : original).apply(this, args);
    sayLanguage();
  };
}
addEventListener("popstate", sayLanguage);
// 3. A link to another of our own pages opens where the reader is, not in a new tab.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-testid=stMain] a[href]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!link || !isPlain || link.hasAttribute("download")) return;
  if (link.origin !== location.origin) return;
  event.preventDefault();
  if (!link.pathname.startsWith("/media/") && document.querySelector("[data-testid=stApp]")) {
    // as going back and forward does: the page is drawn anew without being loaded anew
    if (link.href !== location.href) history.pushState(history.state, "", link.href);
    dispatchEvent(new PopStateEvent("popstate", { state: history.state }));
    document.querySelector("[data-testid=stMain]")?.scrollTo(0, 0);
  } else {
    location.assign(link.href);
  }
});
// 4. A table wider than the screen can be scrolled with the keyboard (WCAG 2.1.1).
const reachTables = () => {
  for (const box of document.querySelectorAll('[data-testid="stTable"], [data-testid="stTable"] div')) {
    if (box.scrollWidth > box.clientWidth && box.tabIndex < 0) box.tabIndex = 0;
  }
};
// 5. Streamlit's own words are in the language of the page (WCAG 3.1.2); BUILT_IN is put before this.
const inOurLanguage = (text) => {
  for (const words of Object.values(BUILT_IN)) {
    const place = words.indexOf(text);
    if (place >= 0) return BUILT_IN[document.documentElement.lang]?.[place];
  }
};
const translate = () => {
  for (const name of ["aria-label", "placeholder", "title"]) {
    for (const box of document.querySelectorAll(`[${name}]`)) {
      const word = inOurLanguage(box.getAttribute(name));
      if (word && word !== box.getAttribute(name)) box.setAttribute(name, word);
    }
  }
  const said = '[data-testid="stSkipToContent"], [data-testid="stMainMenuItemLabel"]';
  for (const { firstChild: text } of document.querySelectorAll(said)) {
    const word = inOurLanguage(text?.nodeValue);
    if (word && word !== text.nodeValue) text.nodeValue = word;
  }
};
// both after anything is drawn, at most once a frame
let isAsked = false;
const mend = () => {
  isAsked = false;
  reachTables();
  translate();
};
const askOnce = () => {
  if (!isAsked) requestAnimationFrame(mend);
  isAsked = true;
};
new MutationObserver(askOnce).observe(document, { childList: true, subtree: true });
addEventListener("resize", askOnce);
