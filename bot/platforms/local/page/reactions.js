/** Reactions: chips that say what, how many and who, and a picker for more. */

import { post } from "./api.js";
import { el, icon } from "./dom.js";
import { findEmojis, signOf, wordsOf } from "./emojis.js";
import { guarded, guards } from "./notes.js";
import { arrowKeys, openPop } from "./pops.js";
import { afterDeed } from "./rooms.js";
import { nameOf, store } from "./store.js";
import { joined, say } from "./words.js";

/** The chips under a message; the bot's own emojis are there to be clicked and count for nobody. */
export function reactions(message) {
  const given = Object.entries(message.reactions).filter(([, people]) => people.length);
  if (given.length === 0) return null;
  return el("div", { class: "chips" }, given.map(([emoji, people]) => chip(message, emoji, people)));
}

function chip(message, emoji, everybody) {
  const people = everybody.filter((person) => person !== "bot");
  const mine = people.includes(store.as);
  const key = `react ${message.id} ${emoji}`;
  const who = people.length ? joined(people.map(nameOrYou)) : say("react.nobody");
  const about = meaning(message, emoji);
  const words = [`${wordsOf(emoji)}${about ? ` (${about})` : ""}: ${say("react.people", people.length)}`, who];
  return el(
    "button",
    {
      type: "button",
      class: people.length ? "chip" : "chip unused",
      "aria-pressed": mine,
      "aria-label": `${words.join(", ")}. ${mine ? say("react.mine") : ""}`.trim(),
      "data-tip": `${about ? `${about}: ` : ""}${who}`,
      "data-key": key,
      "data-emoji": emoji,
      ...guards(key),
      onclick: () => react(message, emoji, !mine),
    },
    el("span", { class: "sign", text: signOf(emoji), "aria-hidden": true }),
    el("span", { class: "count", text: String(people.length), "aria-hidden": true }),
  );
}

const nameOrYou = (person) => (person === store.as ? say("react.you") : nameOf(person));

/** The line of the message that stands behind this emoji: what a click on it says. */
function meaning(message, emoji) {
  for (const one of message.blocks) {
    const found = one.is === "Listing" && one.items.find((item) => item.emoji === emoji);
    if (found) return found.text;
  }
  return "";
}

function react(message, emoji, on) {
  return guarded(`react ${message.id} ${emoji}`, async () => {
    await post("/api/react", { as: store.as, message: message.id, emoji, on });
    await afterDeed();
  });
}

/** The button that opens the picker. */
export function pickerButton(message) {
  return el(
    "button",
    {
      type: "button",
      class: "icon-button",
      tabindex: "-1",
      "aria-label": say("react.add"),
      "data-tip": say("react.add"),
      "aria-haspopup": "dialog",
      "aria-expanded": false,
      "data-key": `picker ${message.id}`,
      onclick: (event) => openPicker(event.currentTarget, message),
    },
    icon("smile"),
  );
}

function openPicker(anchor, message) {
  const search = el("input", { type: "search", "aria-label": say("react.search"), placeholder: say("react.search") });
  const grid = el("div", { class: "emoji-grid" });
  const none = el("p", { class: "none", text: say("react.none"), hidden: true, role: "status" });
  const panel = el("div", { class: "picker", role: "dialog", "aria-label": say("react.add") }, search, grid, none);
  const draw = () => {
    const found = findEmojis(search.value);
    grid.replaceChildren(...found.map((name) => choice(name)));
    none.hidden = found.length > 0;
  };
  const choice = (name) =>
    el("button", {
      type: "button",
      class: "emoji",
      text: signOf(name),
      "aria-label": wordsOf(name),
      "data-tip": wordsOf(name),
      "data-emoji": name,
      onclick: () => {
        close();
        react(message, name, !(message.reactions[name] ?? []).includes(store.as));
      },
    });
  draw();
  const close = openPop(anchor, panel);
  if (close === null) return;
  search.addEventListener("input", draw);
  search.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "Enter") return;
    event.preventDefault();
    const first = grid.firstElementChild;
    if (event.key === "Enter" && search.value) first?.click();
    else first?.focus();
  });
  const columns = () => Math.max(1, Math.floor(grid.clientWidth / (grid.firstElementChild?.offsetWidth || 1)));
  arrowKeys(grid, () => [...grid.children], { columns });
  search.focus();
}
