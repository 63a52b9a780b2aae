// Three things Streamlit does not do itself.
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
for (const name of ["pushState", "replaceState"]) {
  const original = history[name];
  history[name] = function (...args) {
    original.apply(this, args);
    sayLanguage();
  };
}
addEventListener("popstate", sayLanguage);
// 3. A link to another of our own pages opens where the reader is, not in a new tab.
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-testid=stMain] a[href]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!link || !isPlain || link.hasAttribute("download")) return;
  if (link.origin === location.origin && link.target === "_blank") {
    event.preventDefault();
    location.assign(link.href);
  }
});
