/** Where one writes: a field that grows, commands offered while one types, and answers in threads. */

import { once, post } from "./api.js";
import { isUnknown, isWhole, learnCommands, suggest } from "./commands.js";
import { byId, el, icon } from "./dom.js";
import { guarded, guards, murmur } from "./notes.js";
import { afterDeed } from "./rooms.js";
import { on, roomName, store } from "./store.js";
import { say } from "./words.js";

const narrow = matchMedia("(max-width: 560px)");
const drafts = new Map();
let here = "";
let replyTo = null;
let offered = [];
let chosen = -1;

const offer = el("ul", { class: "offer", id: "offer", role: "listbox", hidden: true });
const reply = el("div", { class: "replying", hidden: true });
const field = el("textarea", {
  id: "composer-text",
  rows: "1",
  "aria-autocomplete": "list",
  "aria-controls": "offer",
  spellcheck: true,
});
const send = el("button", { type: "submit", class: "send", id: "composer-send", ...guards("say") }, icon("send"));

export function begin() {
  byId("composer").append(offer, reply, el("div", { class: "composer-field" }, field, send));
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  field.addEventListener("input", () => {
    grow();
    drawOffer();
  });
  field.addEventListener("keydown", onKey);
  field.addEventListener("blur", () => setTimeout(hideOfferUnlessBack, 150));
  narrow.addEventListener("change", draw);
  on("language", learnCommands);
  on("language", hideOffer);
  for (const what of ["person", "channel", "language"]) on(what, draw);
}

/** The next message stands under this one. */
export function replyUnder(message) {
  replyTo = { id: message.thread ?? message.id, name: message.author };
  draw();
  field.focus();
}

function draw() {
  const place = `${store.as} ${store.channel}`;
  if (place !== here) {
    drafts.set(here, field.value);
    here = place;
    replyTo = null;
    field.value = drafts.get(place) ?? "";
    hideOffer();
  }
  const room = roomName(store.channel);
  field.setAttribute("aria-label", say("composer.label", room));
  field.placeholder = narrow.matches ? say("composer.short") : say("composer.placeholder", room);
  send.setAttribute("aria-label", say("composer.send"));
  offer.setAttribute("aria-label", say("composer.commands"));
  reply.hidden = replyTo === null;
  if (replyTo) {
    const stop = el("button", { type: "button", class: "icon-button", "aria-label": say("composer.stop_reply") }, icon("close"));
    stop.addEventListener("click", stopReply);
    reply.replaceChildren(icon("reply"), el("span", { text: say("composer.replying", replyTo.name) }), stop);
  }
  grow();
}

function stopReply() {
  replyTo = null;
  draw();
  field.focus();
}

function grow() {
  field.style.height = "auto";
  field.style.height = `${Math.min(field.scrollHeight, 180)}px`;
}

async function submit() {
  const text = field.value.trim();
  if (!text) return field.focus();
  const body = { as: store.as, channel: store.channel, text, once: once() };
  if (replyTo) body.thread = replyTo.id;
  hideOffer();
  const done = await guarded("say", async () => {
    await post("/api/say", body);
    if (field.value.trim() === text && !isUnknown(text)) field.value = "";
    replyTo = null;
    draw();
    await afterDeed();
  }, 0);
  if (done && !document.querySelector("dialog[open]")) field.focus();
  return undefined;
}

// -- commands while one types

function drawOffer() {
  offered = suggest(field.value);
  chosen = -1;
  if (offered.length === 0) return hideOffer();
  const wasHidden = offer.hidden;
  offer.replaceChildren(
    ...offered.map((entry, at) =>
      el(
        "li",
        { role: "option", id: `offer-${at}`, "aria-selected": false, onmousedown: (event) => event.preventDefault(), onclick: () => take(at) },
        el("span", { class: "offer-text" }, entry.text, entry.after ? el("span", { class: "after", text: ` ${entry.after}` }) : null),
        " ",
        el("span", { class: "offer-about", text: entry.about }),
      ),
    ),
  );
  offer.hidden = false;
  field.removeAttribute("aria-activedescendant");
  if (wasHidden) murmur(say("composer.found", offered.length));
  return undefined;
}

function hideOffer() {
  offer.hidden = true;
  offered = [];
  chosen = -1;
  field.removeAttribute("aria-activedescendant");
}

/** Who has come back to the field meanwhile goes on choosing. */
function hideOfferUnlessBack() {
  if (document.activeElement !== field) hideOffer();
}

function choose(at) {
  chosen = (at + offered.length) % offered.length;
  [...offer.children].forEach((option, index) => option.setAttribute("aria-selected", String(index === chosen)));
  offer.children[chosen].scrollIntoView({ block: "nearest" });
  field.setAttribute("aria-activedescendant", `offer-${chosen}`);
}

/** Put a suggestion into the field; one that needs nothing more stands ready to be sent. */
function take(at) {
  const entry = offered[at];
  const isCommand = entry.word.length === 0;
  field.value = isCommand || entry.after ? `${entry.text} ` : entry.text;
  field.setSelectionRange(field.value.length, field.value.length);
  field.focus();
  grow();
  if (isCommand) drawOffer();
  else hideOffer();
}

function onKey(event) {
  const isOpen = !offer.hidden;
  if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
    event.preventDefault();
    choose(event.key === "ArrowDown" ? chosen + 1 : Math.max(chosen, 0) - 1);
  } else if (isOpen && event.key === "Tab" && !event.shiftKey) {
    event.preventDefault();
    take(Math.max(chosen, 0));
  } else if (event.key === "Escape" && (isOpen || replyTo)) {
    event.preventDefault();
    if (isOpen) hideOffer();
    else stopReply();
  } else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    if (isOpen && chosen >= 0) take(chosen);
    else if (isOpen && !isWhole(field.value)) take(0);
    else submit();
  }
}
