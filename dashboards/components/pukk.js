// Two things Streamlit does not do itself.
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
