/** The form that is open for the person, as a dialog: nothing typed is lost, and what is wrong is said where it is. */

import { get, post } from "./api.js";
import { el, icon } from "./dom.js";
import { makeField } from "./fields.js";
import { guarded, guards } from "./notes.js";
import { refresh } from "./rooms.js";
import { directOf, on, store } from "./store.js";
import { say } from "./words.js";

let open = null;
const done = new Set();

export function begin() {
  on("person", putAside);
}

/** Show the form that the server holds ready for the person, if there is one that is not shown yet; one that was sent
 * or closed in another window goes away, unless something is typed in it here. */
export async function openWaiting() {
  const person = store.as;
  const { form } = await get("/api/forms", { as: person });
  if (person !== store.as || open?.form.id === form?.id || done.has(form?.id)) return;
  if (form) {
    putAside();
    openForm(form);
  } else if (!open.isTouched()) takeAway();
}

/** The form is not shown any more; it still waits for its person. */
function putAside() {
  open?.dialog.remove();
  open = null;
}

function openForm(form) {
  const fields = form.fields.map((field) => makeField(form.id, field));
  const alert = el("div", { class: "form-alert", role: "alert", tabindex: "-1", hidden: true });
  const leave = leaveNote();
  const dialog = el("dialog", { class: "form", "aria-labelledby": "form-title", "aria-describedby": form.intro ? "form-intro" : null });
  const sheet = el(
    "form",
    { novalidate: true, autocomplete: "off" },
    el(
      "header",
      { class: "form-head" },
      el("h2", { id: "form-title", text: form.title }),
      el("button", { type: "button", class: "icon-button", "aria-label": say("form.close"), onclick: () => wantsOut() }, icon("close")),
    ),
    el(
      "div",
      { class: "form-body" },
      form.intro ? el("p", { class: "intro", id: "form-intro", text: form.intro }) : null,
      alert,
      form.fields.some((field) => field.required) ? el("p", { class: "hint", text: say("form.required_note") }) : null,
      fields.map((field) => field.node),
    ),
    el(
      "footer",
      { class: "form-foot" },
      leave.node,
      el("button", { type: "button", class: "plain", text: say("form.cancel"), onclick: () => wantsOut() }),
      el("button", { type: "submit", class: "primary", id: "form-send", text: form.submit || say("form.send"), ...guards("submit") }),
    ),
  );
  dialog.append(sheet);
  const before = JSON.stringify(valuesOf(fields));
  const isTouched = () => JSON.stringify(valuesOf(fields)) !== before;
  const wantsOut = () => (isTouched() ? leave.ask(() => closeForm()) : closeForm());
  open = { form, person: store.as, dialog, fields, alert, isTouched, opener: document.activeElement };
  const step = (event) => {
    event.preventDefault();
    if (leave.isAsking()) leave.stay();
    else wantsOut();
  };
  // A browser lets a page refuse only the first of several Escapes, so that the key is taken before it is a wish to close.
  dialog.addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && step(event));
  dialog.addEventListener("cancel", step);
  dialog.addEventListener("close", () => open?.dialog === dialog && closeForm());
  sheet.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  sheet.addEventListener("input", (event) => clearError(fields, event.target));
  sheet.addEventListener("chosen", (event) => clearError(fields, event.target));
  document.body.append(dialog);
  dialog.showModal();
  (fields[0] ?? { focus: () => {} }).focus();
}

function clearError(fields, target) {
  const name = target.closest("[data-field]")?.dataset.field;
  fields.find((field) => field.name === name)?.wrong("");
}

const valuesOf = (fields) => Object.fromEntries(fields.map((field) => [field.name, field.value()]));

/** Asks before typed text is thrown away. */
function leaveNote() {
  const leaveButton = el("button", { type: "button", class: "danger", text: say("form.leave") });
  const stayButton = el("button", { type: "button", class: "plain", text: say("form.stay") });
  const node = el("div", { class: "leave", role: "alert", hidden: true }, el("p", { text: say("form.unsent") }), stayButton, leaveButton);
  let back = null;
  const stay = () => {
    node.hidden = true;
    back?.focus();
  };
  stayButton.addEventListener("click", stay);
  return {
    node,
    stay,
    isAsking: () => !node.hidden,
    ask: (onLeave) => {
      back = document.activeElement;
      node.hidden = false;
      leaveButton.onclick = onLeave;
      stayButton.focus();
    },
  };
}

async function closeForm() {
  const { form, person } = open;
  takeAway();
  await guarded(`close ${form.id}`, () => post("/api/close", { as: person }));
}

/** Take the dialog away for good: an answer that was asked for earlier must not open the form again. */
function takeAway() {
  const { form, dialog, opener } = open;
  done.add(form.id);
  open = null;
  dialog.close();
  dialog.remove();
  const again = opener?.dataset?.key && document.querySelector(`[data-key="${CSS.escape(opener.dataset.key)}"]`);
  (opener?.isConnected ? opener : again || document.getElementById("composer-text"))?.focus();
}

async function submit() {
  const { form, fields, person } = open;
  const unreadable = fields.map((field) => [field.name, field.problem()]).filter(([, problem]) => problem);
  if (unreadable.length) return showErrors(Object.fromEntries(unreadable));
  await guarded("submit", async () => {
    const answer = await post("/api/submit", { as: person, form: form.id, values: valuesOf(fields) });
    if (!answer.ok) return open?.form === form && showErrors(answer.errors);
    if (open?.form === form) takeAway();
    await Promise.all([refresh(store.channel), refresh(directOf(store.as)), openWaiting()]);
    return undefined;
  });
  return undefined;
}

/** Say at each field what is wrong with it, and put the focus in the first of them. */
function showErrors(errors) {
  const { fields, alert } = open;
  for (const field of fields) field.wrong(errors[field.name] ?? "");
  const wrong = fields.filter((field) => errors[field.name]);
  const known = new Set(["", ...fields.map((field) => field.name)]);
  const others = Object.entries(errors).filter(([name]) => name === "" || !known.has(name));
  const said = others.map(([, text]) => el("p", { class: "form-error", text }));
  if (wrong.length) said.push(el("p", { text: say("form.wrong", wrong.length) }));
  alert.hidden = said.length === 0;
  alert.replaceChildren(icon("alert"), el("div", {}, said));
  if (wrong.length) wrong[0].focus();
  else alert.focus();
}
