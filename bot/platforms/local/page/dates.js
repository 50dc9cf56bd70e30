/** Moments as they are written in Danish and English, in the workspace's own time zone. */

import { language, say } from "./words.js";
import { now, store } from "./store.js";

const LOCALES = { da: "da-DK", en: "en-GB" };
const formats = new Map();

function part(moment, options) {
  const key = `${language()} ${store.zone} ${JSON.stringify(options)}`;
  if (!formats.has(key)) {
    formats.set(key, new Intl.DateTimeFormat(LOCALES[language()], { timeZone: store.zone, ...options }));
  }
  return formats.get(key).format(moment);
}

/** `10.30` in Danish, `10:30` in English. */
export function clockTime(moment) {
  const text = part(moment, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  return language() === "da" ? text.replace(":", ".") : text;
}

/** `tirsdag 1. september 2026`. */
export function longDay(moment) {
  const month = part(moment, { month: "long" });
  const day = String(Number.parseInt(part(moment, { day: "numeric" }), 10)) + (language() === "da" ? "." : "");
  return `${part(moment, { weekday: "long" })} ${day} ${month} ${part(moment, { year: "numeric" })}`;
}

/** `tirsdag 1. september 2026 kl. 10.30`. */
export function longMoment(moment) {
  return `${longDay(moment)} ${say("clock.at")}\u00a0${clockTime(moment)}`;
}

/** `1. sep.` and `10.30`, for narrow places. */
export function shortMoment(moment) {
  const day = String(Number.parseInt(part(moment, { day: "numeric" }), 10)) + (language() === "da" ? "." : "");
  return [`${day} ${part(moment, { month: "short" })}`, clockTime(moment)];
}

/** `I dag`, `I går` or the long day, as seen from the workspace's clock. */
export function dayName(moment) {
  const key = dayKey(moment);
  if (key === dayKey(now())) return say("day.today");
  if (key === dayKey(new Date(now().getTime() - 86_400_000))) return say("day.yesterday");
  return longDay(moment);
}

/** `2026-09-01`: the calendar day in the workspace's zone. */
export function dayKey(moment) {
  const [day, month, year] = numbers(moment);
  return `${year}-${month}-${day}`;
}

/** `2026-09-01T10:30`: what a native date and time control takes. */
export function controlMoment(moment) {
  const [, , , hour, minute] = numbers(moment);
  return `${dayKey(moment)}T${hour}:${minute}`;
}

/** The moment when it is this date and time (`2026-09-01T10:30`) in the workspace's zone. */
export function momentOf(local) {
  const wanted = Date.parse(`${local}Z`);
  let moment = wanted;
  for (let turn = 0; turn < 2; turn += 1) {
    moment += wanted - Date.parse(`${controlMoment(new Date(moment))}Z`);
  }
  return new Date(moment);
}

function numbers(moment) {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: store.zone,
    day: "2-digit",
    month: "2-digit",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(moment);
  return ["day", "month", "year", "hour", "minute"].map((type) => parts.find((one) => one.type === type).value);
}
