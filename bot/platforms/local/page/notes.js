/** Says things to the person: sentences when something failed, quiet words for screen readers, and what is under way. */

import { byId, el, icon } from "./dom.js";
import { Failed } from "./api.js";
import { say } from "./words.js";

const STAYS = 9000;
const DOUBLE_CLICK = 450;

/** One sentence at the foot of the page, read aloud at once. */
export function toast(sentence) {
  const shown = byId("toasts");
  for (const old of [...shown.children]) if (old.dataset.said === sentence) old.remove();
  const note = el(
    "div",
    { class: "toast", "data-said": sentence },
    icon("alert"),
    el("p", { text: sentence }),
    el("button", { type: "button", class: "icon-button", "aria-label": say("error.close"), onclick: () => note.remove() }, icon("close")),
  );
  shown.append(note);
  setTimeout(() => note.remove(), STAYS);
}

/** Words for screen readers only, when they have a moment. */
export function murmur(text) {
  byId("live").replaceChildren(el("p", { text }));
}

const running = new Set();

let working = 0;

/** Do a piece of work once: while it is under way, and for `rest` ms (the length of a double click) from its start,
 * `key` can't begin again. Controls with `data-guard` of that key are shown as disabled meanwhile.
 * Answers whether it went well. */
export async function guarded(key, work, rest = DOUBLE_CLICK) {
  if (running.has(key)) return false;
  const began = performance.now();
  running.add(key);
  showGuard(key, true);
  showWork(1);
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    toast(error.message);
    return false;
  } finally {
    showWork(-1);
    const release = () => {
      running.delete(key);
      showGuard(key, false);
    };
    const left = rest - (performance.now() - began);
    if (left > 0) setTimeout(release, left);
    else release();
  }
}

export const isWorking = () => working > 0;

/** The page as a whole says whether something that the person did is under way. */
function showWork(step) {
  working += step;
  document.documentElement.dataset.working = String(working > 0);
}

function showGuard(key, busy) {
  for (const control of document.querySelectorAll(`[data-guard="${CSS.escape(key)}"]`)) {
    if (busy) control.setAttribute("aria-disabled", "true");
    else control.removeAttribute("aria-disabled");
  }
}

/** The attributes of a control that starts the guarded work `key`. */
export function guards(key) {
  return { "data-guard": key, "aria-disabled": running.has(key) ? true : undefined };
}
