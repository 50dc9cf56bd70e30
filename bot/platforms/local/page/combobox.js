/** A field that is searched in: what one types is looked up on the server, and one of the answers is chosen. */

import { Failed, get } from "./api.js";
import { el, icon } from "./dom.js";
import { store } from "./store.js";
import { say } from "./words.js";

const PAUSE = 160;

/** The control of a `search` field: `node` to show, `input` to label and focus, `value()` what is chosen.
 *
 * @param {string} form the form's id; @param {object} field the field; @param {string} id the input's id. */
export function combobox(form, field, id) {
  const state = { value: field.value || "", options: [], at: -1, asked: 0, timer: 0 };
  const list = el("ul", { class: "options", id: `${id}-options`, role: "listbox", "aria-label": field.label, hidden: true });
  const status = el("p", { class: "options-status", role: "status" });
  const input = el("input", {
    type: "text",
    id,
    role: "combobox",
    autocomplete: "off",
    "aria-autocomplete": "list",
    "aria-controls": list.id,
    "aria-expanded": false,
    placeholder: field.placeholder || say("form.search"),
    value: field.shown || field.value || "",
  });
  const clear = el(
    "button",
    { type: "button", class: "icon-button clear", "aria-label": `${say("form.clear")}: ${field.label}`, hidden: !state.value },
    icon("close"),
  );

  const close = () => {
    list.hidden = true;
    state.at = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  };
  const pick = (option) => {
    state.value = option.value;
    input.value = option.label;
    clear.hidden = false;
    status.textContent = "";
    close();
    input.dispatchEvent(new Event("chosen", { bubbles: true }));
  };
  const mark = (at) => {
    state.at = (at + state.options.length) % state.options.length;
    [...list.children].forEach((one, index) => one.setAttribute("aria-selected", String(index === state.at)));
    list.children[state.at].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", list.children[state.at].id);
  };
  const draw = () => {
    state.at = -1;
    list.replaceChildren(
      ...state.options.map((option, at) =>
        el("li", {
          role: "option",
          id: `${id}-option-${at}`,
          "aria-selected": false,
          text: option.label,
          onmousedown: (event) => event.preventDefault(),
          onclick: () => pick(option),
        }),
      ),
    );
    list.hidden = state.options.length === 0;
    input.setAttribute("aria-expanded", String(!list.hidden));
    status.textContent = state.options.length ? say("form.matches", state.options.length) : say("form.no_match");
  };
  const look = async () => {
    const asked = (state.asked += 1);
    status.textContent = say("form.searching");
    try {
      const path = `/api/forms/${encodeURIComponent(form)}/options`;
      const { options } = await get(path, { as: store.as, field: field.name, q: input.value.trim() });
      if (asked !== state.asked) return;
      state.options = options;
      draw();
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
      if (asked === state.asked) status.textContent = error.message;
    }
  };
  const lookSoon = () => {
    clearTimeout(state.timer);
    state.timer = setTimeout(look, PAUSE);
  };

  input.addEventListener("input", () => {
    state.value = "";
    clear.hidden = input.value === "";
    lookSoon();
  });
  input.addEventListener("click", () => list.hidden && !state.value && look());
  input.addEventListener("blur", () => {
    clearTimeout(state.timer);
    const only = state.options.find((option) => option.label.toLowerCase() === input.value.trim().toLowerCase());
    if (!state.value && only) pick(only);
    close();
  });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) look();
      else mark(event.key === "ArrowDown" ? state.at + 1 : Math.max(state.at, 0) - 1);
    } else if (event.key === "Enter" && !list.hidden) {
      event.preventDefault();
      if (state.options.length) pick(state.options[Math.max(state.at, 0)]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      event.stopPropagation();
      close();
    }
  });
  clear.addEventListener("click", () => {
    state.value = "";
    input.value = "";
    clear.hidden = true;
    close();
    input.focus();
  });
  return {
    node: el("div", { class: "combobox" }, el("div", { class: "combobox-field" }, input, clear), list, status),
    input,
    value: () => state.value || input.value.trim(),
  };
}
