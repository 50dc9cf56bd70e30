/** The buttons and choices of a message: asked about where it matters, and pressed once. */

import { once, post } from "./api.js";
import { el, icon } from "./dom.js";
import { guarded, guards } from "./notes.js";
import { openMenu } from "./pops.js";
import { afterDeed } from "./rooms.js";
import { store } from "./store.js";
import { say } from "./words.js";

/** A row of buttons and selects under a message. */
export function actions({ items }, message) {
  return el(
    "div",
    { class: "actions" },
    items.map((one) => (one.options ? select(one, message) : button(one, message))),
  );
}

function button(one, message) {
  const key = `press ${message.id} ${one.label}`;
  return el("button", {
    type: "button",
    class: one.style === "plain" ? "plain" : one.style,
    text: one.label,
    "data-key": key,
    ...guards(key),
    onclick: async (event) => {
      if (event.currentTarget.getAttribute("aria-disabled") === "true") return;
      if (one.confirm && !(await confirmed(one.confirm, one.label, one.style))) return;
      press(key, message, one.id);
    },
  });
}

function select(one, message) {
  const key = `press ${message.id} ${one.label}`;
  return el(
    "button",
    {
      type: "button",
      class: "plain select",
      "aria-haspopup": "menu",
      "aria-expanded": false,
      "data-key": key,
      ...guards(key),
      onclick: (event) => {
        if (event.currentTarget.getAttribute("aria-disabled") === "true") return;
        openMenu(event.currentTarget, one.options, {
          label: one.label,
          onPick: (value) => press(key, message, one.id, value),
        });
      },
    },
    el("span", { text: one.label }),
    icon("down"),
  );
}

function press(key, message, token, value) {
  const body = { as: store.as, message: message.id, button: token, once: once() };
  return guarded(key, async () => {
    await post("/api/press", value === undefined ? body : { ...body, value });
    await afterDeed();
  });
}

/** Asks a question first; answers whether the person said yes. */
export function confirmed(question, label, style) {
  return new Promise((answer) => {
    const dialog = el(
      "dialog",
      { class: "confirm", "aria-labelledby": "confirm-title", "aria-describedby": "confirm-question" },
      el("h2", { id: "confirm-title", text: say("confirm.title") }),
      el("p", { id: "confirm-question", text: question }),
      el(
        "div",
        { class: "dialog-foot" },
        el("button", { type: "button", class: "plain", text: say("form.cancel"), onclick: () => dialog.close() }),
        el("button", {
          type: "button",
          class: style === "danger" ? "danger-full" : "primary",
          text: label,
          onclick: () => dialog.close("yes"),
        }),
      ),
    );
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue === "yes");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
