/** The side: who one is, the channels with what is unread in them, and how the page looks and speaks. */

import { avatar, byId, el, icon } from "./dom.js";
import { guarded, murmur } from "./notes.js";
import { openMenu } from "./pops.js";
import { unread } from "./rooms.js";
import { chooseLanguage, directOf, go, isDirect, keep, kept, me, on, roomName, store } from "./store.js";
import { joined, say } from "./words.js";

const narrow = matchMedia("(max-width: 860px)");

export function begin() {
  byId("side-open").append(icon("menu"));
  byId("side-close").append(icon("close"));
  byId("side-open").addEventListener("click", () => openDrawer(true));
  byId("side-close").addEventListener("click", () => openDrawer(false));
  byId("veil").addEventListener("click", () => openDrawer(false));
  byId("side").addEventListener("keydown", (event) => {
    if (event.key === "Escape" && narrow.matches) openDrawer(false);
    if (event.key === "ArrowDown" || event.key === "ArrowUp") walk(event);
  });
  narrow.addEventListener("change", () => setDrawer(false));
  setDrawer(false);
  for (const what of ["state", "person", "channel", "language", "unread"]) on(what, draw);
  on("language", drawSettings);
  on("person", () => murmur(say("person.now", me()?.name ?? "")));
  drawSettings();
}

// -- the drawer on narrow screens

function setDrawer(open) {
  byId("side").classList.toggle("open", open);
  byId("side").inert = narrow.matches && !open;
  byId("veil").hidden = !open;
  byId("side-open").setAttribute("aria-expanded", String(open));
}

function openDrawer(open) {
  setDrawer(open);
  (open ? byId("side-close") : byId("side-open")).focus();
}

export function closeDrawer() {
  if (narrow.matches) setDrawer(false);
}

// -- people and channels

/** "Tovholder og repræsentant"; a substitute is one, and not a guest and a representative. */
export function rolesOf(person) {
  const held = person.substitute ? person.roles.filter((role) => role !== "guest" && role !== "representative") : person.roles;
  const words = [...held.map((role) => say(`role.${role}`)), ...(person.substitute ? [say("role.substitute")] : [])];
  return joined(words.map((word, at) => (at ? word[0].toLowerCase() + word.slice(1) : word)));
}

function draw() {
  drawPerson();
  byId("channels").replaceChildren(...store.channels.map((one) => roomLink(one.id)));
  byId("direct").replaceChildren(roomLink(directOf(store.as)));
  drawHead();
}

function drawPerson() {
  const person = me();
  if (!person) return;
  const focused = byId("person").contains(document.activeElement);
  const button = el(
    "button",
    {
      type: "button",
      class: "person",
      id: "person-switch",
      "aria-haspopup": "menu",
      "aria-expanded": false,
      "data-key": "person",
      onclick: (event) => choosePerson(event.currentTarget),
    },
    avatar(person.id, person.name),
    personWords(person, `${say("person.label")} `),
    icon("down"),
    el("span", { class: "unseen", text: say("person.switch") }),
  );
  byId("person").replaceChildren(button);
  if (focused) button.focus();
}

function personWords(person, before = "") {
  return el(
    "span",
    { class: "person-words" },
    el("span", { class: "person-name" }, before ? el("span", { class: "unseen", text: before }) : null, person.name),
    " ",
    el("span", { class: "person-role", text: [rolesOf(person) || say("person.none"), person.municipality].filter(Boolean).join(", ") }),
  );
}

function choosePerson(anchor) {
  const items = store.people.map((person) => ({
    label: person.name,
    value: person.id,
    chosen: person.id === store.as,
    content: [avatar(person.id, person.name), personWords(person), icon("check")],
  }));
  openMenu(anchor, items, {
    label: say("person.switch"),
    onPick: (id) => {
      go(id, isDirect(store.channel) ? directOf(id) : store.channel);
    },
  });
}

function roomLink(channel) {
  const here = channel === store.channel;
  const count = here ? 0 : (unread.get(channel) ?? 0);
  return el(
    "li",
    {},
    el(
      "button",
      {
        type: "button",
        class: count ? "room-link fresh" : "room-link",
        "aria-current": here ? "page" : null,
        "data-channel": isDirect(channel) ? "dm" : channel,
        "data-key": `room ${channel}`,
        onclick: () => {
          go(store.as, channel);
          closeDrawer();
        },
      },
      isDirect(channel) ? avatar("bot", "", "tiny") : icon("hash"),
      el("span", { class: "room-link-name", text: roomName(channel).replace(/^#/, "") }),
      count ? el("span", { class: "count" }, countWords(count)) : null,
    ),
  );
}

const MOST = 30;

function countWords(count) {
  return [
    el("span", { "aria-hidden": true, text: count >= MOST ? `${MOST}+` : String(count) }),
    el("span", { class: "unseen", text: ` ${say("room.unread", count)}` }),
  ];
}

function drawHead() {
  if (!store.channel) return;
  byId("room-name").textContent = roomName(store.channel);
  const direct = isDirect(store.channel);
  byId("room-about").textContent = direct ? say("room.direct") : say("room.people", store.people.length);
  byId("room-about").className = direct ? "direct" : "";
  const waiting = [...unread.values()].reduce((sum, count) => sum + count, 0);
  document.title = `${waiting ? `(${waiting}) ` : ""}${roomName(store.channel)} – Ønskebot`;
}

function walk(event) {
  const links = [...byId("side").querySelectorAll(".room-link")];
  const at = links.indexOf(document.activeElement);
  const to = links[at + (event.key === "ArrowDown" ? 1 : -1)];
  if (at < 0 || !to) return;
  event.preventDefault();
  to.focus();
}

// -- how it looks and speaks

function drawSettings() {
  byId("settings").replaceChildren(
    choices("language", say("language.label"), { da: "Dansk", en: "English" }, document.documentElement.lang, (wanted) =>
      guarded("language", () => chooseLanguage(wanted), 0),
    ),
    choices(
      "theme",
      say("theme.label"),
      { light: say("theme.light"), dark: say("theme.dark"), system: say("theme.system") },
      kept("theme") || "system",
      (theme) => {
        keep("theme", theme);
        window.dispatchEvent(new Event("theme"));
      },
    ),
  );
}

function choices(name, label, options, chosen, choose) {
  return el(
    "fieldset",
    { class: "segments" },
    el("legend", { text: label }),
    Object.entries(options).map(([value, text]) =>
      el(
        "label",
        { lang: name === "language" ? value : null },
        el("input", { type: "radio", name, value, checked: value === chosen, onchange: () => choose(value) }),
        el("span", { text }),
      ),
    ),
  );
}
