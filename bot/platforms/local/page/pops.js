/** Small panels beside what opened them: menus and the like, closed by Escape or a click elsewhere. */

import { el } from "./dom.js";

let pressed = null;
document.addEventListener("pointerdown", () => (pressed = null), { capture: true });

/** Open a panel beside `anchor`. Answers its `close`, or null where the click was on the anchor of the one that was open:
 * the browser has closed that already. */
export function openPop(anchor, panel) {
  if (pressed === anchor) {
    pressed = null;
    return null;
  }
  const press = () => (pressed = anchor);
  anchor.addEventListener("pointerdown", press);
  panel.classList.add("pop");
  panel.setAttribute("popover", "auto");
  document.body.append(panel);
  panel.addEventListener("toggle", (event) => {
    if (event.newState !== "closed") return;
    const inside = panel.contains(document.activeElement) || document.activeElement === document.body;
    panel.remove();
    anchor.setAttribute("aria-expanded", "false");
    anchor.removeEventListener("pointerdown", press);
    if (inside) returnTo(anchor);
  });
  panel.showPopover();
  anchor.setAttribute("aria-expanded", "true");
  place(panel, anchor);
  return () => panel.matches(":popover-open") && panel.hidePopover();
}

/** The focus goes back to what opened the panel, also where it has been drawn anew since. */
function returnTo(anchor) {
  const again = anchor.dataset.key && document.querySelector(`[data-key="${CSS.escape(anchor.dataset.key)}"]`);
  (anchor.isConnected ? anchor : again)?.focus({ preventScroll: true });
}

function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const left = Math.max(8, Math.min(at.left, innerWidth - width - 8));
  const below = at.bottom + 6;
  const above = at.top - height - 6;
  const top = below + height <= innerHeight - 8 || above < 8 ? Math.min(below, innerHeight - height - 8) : above;
  panel.style.left = `${left}px`;
  panel.style.top = `${Math.max(8, top)}px`;
}

/** A menu of choices. `items` are `{label, value, content?, chosen?}`; a chosen one is marked as such. */
export function openMenu(anchor, items, { label, onPick }) {
  const role = items.some((item) => item.chosen !== undefined) ? "menuitemradio" : "menuitem";
  const buttons = items.map((item) =>
    el(
      "button",
      {
        type: "button",
        role,
        tabindex: "-1",
        class: "menu-item",
        "aria-checked": item.chosen,
        "data-value": item.value,
        onclick: () => {
          close();
          onPick(item.value);
        },
      },
      item.content ?? item.label,
    ),
  );
  const menu = el("div", { role: "menu", class: "menu", "aria-label": label }, buttons);
  const close = openPop(anchor, menu);
  if (close === null) return;
  arrowKeys(menu, () => buttons, { typed: (index) => items[index].label });
  menu.addEventListener("keydown", (event) => event.key === "Tab" && close());
  (buttons.find((_, index) => items[index].chosen) ?? buttons[0])?.focus();
}

/** Arrow keys, Home, End and (with `typed`) letters move the focus among `list()`; `columns` makes it a grid. */
export function arrowKeys(box, list, { columns = () => 1, typed = null } = {}) {
  let letters = "";
  let last = 0;
  box.addEventListener("keydown", (event) => {
    const nodes = list();
    const at = nodes.indexOf(document.activeElement);
    if (at < 0) return;
    const wide = columns();
    const steps = { ArrowDown: wide, ArrowUp: -wide, Home: -at, End: nodes.length - 1 - at };
    if (wide > 1) Object.assign(steps, { ArrowRight: 1, ArrowLeft: -1 });
    let to = event.key in steps ? at + steps[event.key] : null;
    if (wide === 1 && to !== null) to = (to + nodes.length) % nodes.length;
    if (to === null && typed && event.key.length === 1 && !event.ctrlKey && !event.metaKey && event.key !== " ") {
      letters = (event.timeStamp - last > 700 ? "" : letters) + event.key.toLowerCase();
      last = event.timeStamp;
      to = nodes.findIndex((_, index) => typed(index).toLowerCase().startsWith(letters));
    }
    if (to === null || !nodes[to]) return;
    event.preventDefault();
    nodes[to].focus();
  });
}
