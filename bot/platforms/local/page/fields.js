/** The fields of a form, each of its kind: label, hint, control, and the place for what is wrong. */

import { combobox } from "./combobox.js";
import { longDay, momentOf } from "./dates.js";
import { el } from "./dom.js";
import { say } from "./words.js";

const MANY = 8;
const FEW = 4;
const COUNT_FROM = 0.8;
let made = 0;

/** One field: `node` to show, `value()` what stands in it, `wrong(sentence)` shows or (empty) removes an error,
 * `problem()` what the control itself can't read, `focus()`. */
export function makeField(form, field) {
  made += 1;
  const id = `field-${made}`;
  const control = KINDS[field.kind](field, id, form);
  const hint = field.hint ? el("p", { class: "hint", id: `${id}-hint`, text: field.hint }) : null;
  const wrong = el("p", { class: "field-error", id: `${id}-error`, hidden: true });
  const error = el("div", { class: "field-error-place", "aria-live": "polite" }, wrong);
  const described = [hint?.id, control.counter?.id, wrong.id].filter(Boolean).join(" ");
  control.input.setAttribute("aria-describedby", described);
  if (field.required && !control.isGroup) control.input.setAttribute("aria-required", "true");
  return {
    name: field.name,
    node: frame(field, id, control, hint, error),
    value: control.value,
    problem: control.problem ?? (() => ""),
    focus: () => (control.focus ?? control.input).focus(),
    wrong: (sentence) => {
      wrong.hidden = !sentence;
      wrong.textContent = sentence;
      if (sentence) control.input.setAttribute("aria-invalid", "true");
      else control.input.removeAttribute("aria-invalid");
      wrong.closest(".field").classList.toggle("is-wrong", Boolean(sentence));
    },
  };
}

function frame(field, id, control, hint, error) {
  const parts = [hint, control.node, control.counter, error];
  const given = { class: `field kind-${field.kind}`, "data-field": field.name };
  const label = [field.label, mark(field)];
  if (control.isGroup) {
    control.input.replaceChildren(el("legend", {}, label), ...parts.filter(Boolean));
    return el("div", given, control.input);
  }
  if (field.kind === "switch") return el("div", given, control.node, hint, error);
  return el("div", given, el("label", { for: id }, label), parts);
}

function mark(field) {
  if (!field.required) return null;
  return el("span", { class: "required" }, el("span", { "aria-hidden": true, text: " *" }), el("span", { class: "unseen", text: ` (${say("form.required")})` }));
}

const KINDS = {
  text: (field, id) => typed(field, el("input", { type: "text", id, autocomplete: "off" }), id),
  long: (field, id) => typed(field, el("textarea", { id, rows: "3" }), id),
  amount: (field, id) => amount(field, id),
  number: (field, id) => typed(field, el("input", { type: "text", id, inputmode: "numeric", autocomplete: "off" }), id),
  date,
  time: (field, id) => typed(field, el("input", { type: "time", id }), id, "form.bad_time"),
  choice,
  multi,
  search: (field, id, form) => combobox(form, field, id),
  switch: toggle,
};

function typed(field, input, id, bad = "") {
  input.value = field.value || "";
  if (field.placeholder) input.placeholder = field.placeholder;
  if (input.tagName === "TEXTAREA") {
    input.addEventListener("input", () => {
      input.style.height = "auto";
      input.style.height = `${Math.min(input.scrollHeight + 2, 320)}px`;
    });
  }
  return {
    node: input,
    input,
    counter: field.maximum ? counter(field, input, id) : null,
    value: () => input.value,
    problem: () => (bad && input.validity.badInput ? say(bad) : ""),
  };
}

/** A native date control, with the day in words: how the control writes it depends on the browser. */
function date(field, id) {
  const control = typed(field, el("input", { type: "date", id }), id, "form.bad_date");
  const words = el("span", { class: "in-words", "aria-hidden": true });
  const draw = () => {
    words.textContent = control.input.value ? longDay(momentOf(`${control.input.value}T12:00`)) : "";
  };
  control.input.addEventListener("input", draw);
  draw();
  control.node = el("div", { class: "with-words" }, control.input, words);
  return control;
}

/** How much of the longest text is used, from where it begins to matter. Nothing is cut off: the bot says what is too long. */
function counter(field, input, id) {
  const shown = el("p", { class: "counter", id: `${id}-counter` });
  const draw = () => {
    const used = [...input.value].length;
    shown.textContent = used >= field.maximum * COUNT_FROM ? say("form.letters", used, field.maximum) : "";
    shown.classList.toggle("over", used > field.maximum);
  };
  input.addEventListener("input", draw);
  draw();
  return shown;
}

function amount(field, id) {
  const control = typed(field, el("input", { type: "text", id, autocomplete: "off" }), id);
  control.node = el("div", { class: "amount" }, control.input, el("span", { "aria-hidden": true, text: say("form.kroner") }));
  return control;
}

function choice(field, id) {
  if (field.options.length <= FEW && field.required) return radios(field, id);
  const input = el(
    "select",
    { id },
    el("option", { value: "", text: field.required ? say("form.choose") : `${say("form.choose")} (${say("form.optional")})` }),
    field.options.map(({ value, label }) => el("option", { value, text: label, selected: value === field.value })),
  );
  return { node: input, input, value: () => input.value };
}

function radios(field, id) {
  const buttons = field.options.map(({ value, label }) => {
    const input = el("input", { type: "radio", name: id, value, checked: value === field.value });
    return { input, node: el("label", { class: "choice" }, input, el("span", { text: label })) };
  });
  return {
    isGroup: true,
    input: el("fieldset", { role: "radiogroup", "aria-required": field.required ? true : null }),
    node: el("div", { class: "choices" }, buttons.map((one) => one.node)),
    focus: (buttons.find((one) => one.input.checked) ?? buttons[0]).input,
    value: () => buttons.find((one) => one.input.checked)?.input.value ?? "",
  };
}

function multi(field, id) {
  const chosen = new Set(Array.isArray(field.value) ? field.value : [field.value].filter(Boolean));
  const count = el("p", { class: "chosen-count", role: "status" });
  const none = el("p", { class: "none", text: say("form.no_match"), hidden: true });
  const rows = field.options.map(({ value, label }) => {
    const input = el("input", { type: "checkbox", value, checked: chosen.has(value) });
    return { input, label, node: el("label", { class: "choice" }, input, el("span", { text: label })) };
  });
  const drawCount = () => {
    count.textContent = say("form.chosen", rows.filter((row) => row.input.checked).length);
  };
  const filter = el("input", { type: "search", id: `${id}-filter`, placeholder: say("form.filter"), "aria-label": `${say("form.filter")}: ${field.label}` });
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    for (const row of rows) row.node.hidden = !row.label.toLowerCase().includes(wanted);
    none.hidden = rows.some((row) => !row.node.hidden);
  });
  filter.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
  const box = el("div", { class: "choices many" }, rows.map((row) => row.node), none);
  box.addEventListener("change", drawCount);
  drawCount();
  const isLong = rows.length > MANY;
  return {
    isGroup: true,
    input: el("fieldset", {}),
    node: el("div", {}, isLong ? filter : null, box, count),
    focus: isLong ? filter : (rows[0]?.input ?? filter),
    value: () => rows.filter((row) => row.input.checked).map((row) => row.input.value),
  };
}

function toggle(field, id) {
  const input = el("input", { type: "checkbox", role: "switch", id, checked: field.value === "true" });
  return {
    node: el("label", { class: "choice switch", for: id }, input, el("span", {}, field.label, mark(field))),
    input,
    value: () => (input.checked ? "true" : ""),
  };
}
