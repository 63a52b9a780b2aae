"""Each page by keyboard alone: Tab reaches every control, in order, in view and seen there."""

from typing import Any

import pytest

from dashboards.pages import PAGES
from tests.e2e.conftest import OpenPage

pytestmark = pytest.mark.integration

# what can be given the focus, in the order of the document; of radios by one name one is a stop
STOPS = """() => {
  const chosen = "a[href], button, input, select, textarea, summary, [tabindex]";
  const shown = (e) => e.checkVisibility({ visibilityProperty: true }) && e.getClientRects().length;
  const all = [...document.querySelectorAll(chosen)];
  const able = all.filter((e) => e.tabIndex >= 0 && !e.disabled && shown(e));
  const one = (e) => {
    const same = able.filter((o) => o.type === "radio" && o.name === e.name);
    return (same.find((o) => o.checked) ?? same[0]) === e;
  };
  window.pukkStops = able.filter((e) => e.type !== "radio" || one(e));
  return window.pukkStops.length;
}"""
# how an element and what frames it look: a list draws its mark around the field it is in
LOOK = """
  const look = (e) => {
    const found = [];
    for (let at = e; at && found.length < 6; at = at.parentElement) {
      const s = getComputedStyle(at);
      found.push([s.outline, s.boxShadow, s.borderColor, s.backgroundColor].join());
    }
    return found.join("|");
  };"""
# where the focus is, and whether the stop before it looked otherwise while it had it
STEP = f"""async () => {{{LOOK}
  const moving = document.getAnimations().filter((each) => each instanceof CSSTransition);
  await Promise.all(moving.map((each) => each.finished.catch(() => null)));
  const before = window.pukkAt;
  const e = document.activeElement;
  // a field stays marked while the focus is on its own button
  const left = before && (e === document.body || !before.e.parentElement.contains(e));
  const unseen = left && before.look === look(before.e) ? before.e.outerHTML.slice(0, 120) : "";
  window.pukkAt = e === document.body ? null : {{ e, look: look(e) }};
  if (!window.pukkAt) return {{ place: null, unseen }};
  const r = e.getBoundingClientRect();
  const inView = r.bottom > 0 && r.top < innerHeight && r.right > 0 && r.left < innerWidth;
  const hidden = inView ? "" : e.outerHTML.slice(0, 120);
  return {{ place: window.pukkStops.indexOf(e), unseen, hidden }};
}}"""


@pytest.mark.parametrize("code", [page.code for page in PAGES])
def test_tab_goes_through_every_control_of_a_page_in_order_and_is_seen(
    site: str, open_page: OpenPage, code: str
) -> None:
    page = open_page(f"{site}/{code}?enhet=u0312&lang=nb")
    n_stops = page.evaluate(STOPS)
    steps: list[dict[str, Any]] = []
    for _ in range(n_stops + 1):
        page.keyboard.press("Tab")
        steps.append(page.evaluate(STEP))
    assert [step["unseen"] for step in steps if step["unseen"]] == []
    assert [step["hidden"] for step in steps if step.get("hidden")] == []
    # and out again at the end: nothing holds the focus
    assert [step["place"] for step in steps] == [*range(n_stops), None]
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(STEP)["place"] == n_stops - 1
