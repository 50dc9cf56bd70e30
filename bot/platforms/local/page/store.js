/** What the page knows: who is acting, where, the people and channels, and what has been read. */

import { get, post } from "./api.js";

export const store = { people: [], channels: [], as: "", channel: "", clock: 0, zone: "Europe/Copenhagen" };

const listeners = new Map();

/** Call `heard` whenever `what` ("state", "person", "channel", "clock", "language") changes. */
export function on(what, heard) {
  listeners.set(what, [...(listeners.get(what) ?? []), heard]);
}

export function tell(what) {
  for (const heard of listeners.get(what) ?? []) heard();
}

export async function loadState() {
  const state = await get("/api/state");
  const before = JSON.stringify([store.people, store.channels]);
  Object.assign(store, { people: state.people, channels: state.channels, zone: state.zone ?? store.zone });
  store.clock = Date.parse(state.now);
  forgetOlderWorld(state.newest ?? 0);
  tell("clock");
  if (before !== JSON.stringify([store.people, store.channels])) tell("state");
}

export const me = () => store.people.find((person) => person.id === store.as);
export const nameOf = (id) => (id === "bot" ? "Ønskebot" : (store.people.find((one) => one.id === id)?.name ?? id));
export const directOf = (person) => `dm:${person}`;
export const isDirect = (channel) => channel.startsWith("dm:");
export const now = () => new Date(store.clock);

/** `#koordinationsgruppe`, or the bot's name for the direct messages. */
export function roomName(channel) {
  if (isDirect(channel)) return "Ønskebot";
  return `#${store.channels.find((one) => one.id === channel)?.name ?? channel}`;
}

/** The channels that the acting person sees. */
export const rooms = () => [...store.channels.map((one) => one.id), directOf(store.as)];

// -- who and where, kept in the address so that it can be reloaded, shared and gone back to

export function readAddress() {
  const given = new URLSearchParams(location.hash.slice(1));
  const person = [given.get("as"), kept("as")].find((id) => store.people.some((one) => one.id === id));
  store.as = person ?? store.people[0]?.id ?? "";
  const wanted = given.get("channel") === "dm" ? directOf(store.as) : given.get("channel");
  store.channel = rooms().includes(wanted) ? wanted : rooms()[0];
  keep("as", store.as);
}

export function go(person, channel) {
  const moved = isDirect(channel) ? directOf(person) : channel;
  const address = new URLSearchParams({ as: person, channel: isDirect(moved) ? "dm" : moved });
  if (`#${address}` !== location.hash) history.pushState(null, "", `#${address}`);
  follow();
}

/** Bring the page in line with its address. */
export function follow() {
  const [person, channel] = [store.as, store.channel];
  readAddress();
  if (person !== store.as) tell("person");
  if (person !== store.as || channel !== store.channel) tell("channel");
}

// -- language: one that was chosen holds for whoever acts, else each person's own

export function wantedLanguage() {
  return kept("language") || me()?.language || "da";
}

export async function chooseLanguage(language) {
  keep("language", language);
  tell("language");
  await sendLanguage();
}

/** The bot speaks to the acting person in the language that was chosen here. */
export async function sendLanguage() {
  const language = kept("language");
  if (!language || !me() || me().language === language) return;
  await post("/api/language", { as: store.as, language });
  me().language = language;
}

// -- what has been read, per person and channel

export function readUpTo(person, channel) {
  return Math.max(keptJson("seen")[`${person} ${channel}`] ?? 0, Number(kept("baseline") || 0));
}

export function markRead(channel, message) {
  const key = `${store.as} ${channel}`;
  const seen = keptJson("seen");
  if ((seen[key] ?? 0) >= message) return;
  keep("seen", JSON.stringify({ ...seen, [key]: message }));
}

/** What was there when this browser first came counts as read; a world that began anew has nothing read. */
function forgetOlderWorld(newest) {
  const baseline = kept("baseline");
  if (baseline !== "" && Number(kept("newest") || 0) > newest) {
    keep("seen", "{}");
    keep("baseline", "0");
  }
  if (baseline === "") keep("baseline", String(newest));
  keep("newest", String(newest));
}

export function kept(name) {
  try {
    return localStorage.getItem(`oenskebot.${name}`) ?? "";
  } catch {
    return "";
  }
}

export function keep(name, value) {
  try {
    localStorage.setItem(`oenskebot.${name}`, value);
  } catch {
    // A browser that keeps nothing only forgets what was chosen.
  }
}

function keptJson(name) {
  try {
    return JSON.parse(kept(name) || "{}");
  } catch {
    return {};
  }
}
