/** Shows what a message is made of: headings, facts, lists, tables, links and the rest. */

import { el, icon } from "./dom.js";
import { signOf, wordsOf } from "./emojis.js";
import { say } from "./words.js";

/** The element of one block, or null for one that is shown elsewhere or not known here. */
export function block(given, message) {
  return KINDS[given.is]?.(given, message) ?? null;
}

const KINDS = {
  Heading: ({ text }) => el("h3", { class: "heading", text }),
  Text: ({ text }) => el("p", { class: "text" }, withLinks(text)),
  Quote: ({ text }) => el("blockquote", { class: "quote", text }),
  Note: ({ text }) => el("p", { class: "note" }, withLinks(text)),
  Divider: () => el("hr"),
  Facts: ({ items }) =>
    el(
      "dl",
      { class: "facts" },
      items.map(([label, value]) => el("div", {}, el("dt", { text: label }), el("dd", { text: value }))),
    ),
  Listing: ({ items }) => el("ul", { class: "listing", role: "list" }, items.map(item)),
  Table: table,
  Chart: chart,
  Link: link,
};

function item({ text, detail, emoji, sign, mark }) {
  const lines = el("div", {}, el("p", { text }), detail ? el("p", { class: "detail", text: detail }) : null);
  return el("li", {}, before(emoji, sign, mark), lines);
}

function before(emoji, sign, mark) {
  if (mark) return el("span", { class: "item-place", text: mark });
  if (!emoji) return el("span", { class: "item-dot", "aria-hidden": true });
  return el("span", { class: "item-sign", role: "img", "aria-label": wordsOf(emoji), text: sign || signOf(emoji) });
}

function table({ header, rows }) {
  const numeric = header.map((_, column) => rows.length > 0 && rows.every((row) => isNumber(row[column] ?? "")));
  const side = (column) => (numeric[column] ? "number" : null);
  return el(
    "div",
    { class: "table", tabindex: "0", role: "region", "aria-label": say("message.table") },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, header.map((text, at) => el("th", { scope: "col", class: side(at), text })))),
      el("tbody", {}, rows.map((row) => el("tr", {}, row.map((text, at) => el("td", { class: side(at), text }))))),
    ),
  );
}

/** Bars with their labels and values; who can't see them hears all of it as one sentence. */
function chart({ title, bars }) {
  const longest = Math.max(0, ...bars.map(([, value]) => value));
  const words = `${title}: ${bars.map(([label, , text]) => `${label} (${text})`).join(", ")}`;
  const rows = bars.flatMap(([label, value, text]) => {
    const bar = el("span", { class: "bar" });
    bar.style.width = `${longest > 0 ? (Math.max(0, value) / longest) * 55 : 0}%`;
    return [el("span", { class: "bar-label", text: label }), el("span", { class: "bar-line" }, bar, el("b", { text }))];
  });
  return el(
    "div",
    { class: "chart", role: "img", "aria-label": words },
    el("p", { class: "chart-title", text: title }),
    el("div", { class: "bars" }, rows),
  );
}

const isNumber = (text) => /^[−-]?[\d.,\u00a0 ]*\d[\d.,]*([\u00a0 ]?(kr\.|%|timer))?$|^$|^–$/.test(text);

function link({ label, url }) {
  if (!isWebAddress(url)) return el("p", { class: "text", text: `${label}: ${url}` });
  return el("p", { class: "text" }, anchor(url, label));
}

function isWebAddress(url) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(url, location.href).protocol);
  } catch {
    return false;
  }
}

function anchor(url, text) {
  const hint = el("span", { class: "unseen", text: ` (${say("message.opens")})` });
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text, hint);
}

/** The text, with the web addresses in it made into links. */
function withLinks(text) {
  return text.split(/(https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])/).map((part, at) => (at % 2 ? anchor(part, part) : part));
}

const PICTURES = /\.(png|jpe?g|gif|webp|svg)$/i;

/** The files of a message: pictures are shown, all can be fetched. */
export function files(given) {
  if (given.length === 0) return null;
  return el(
    "ul",
    { class: "files", role: "list" },
    given.map(({ name, url }) =>
      el(
        "li",
        {},
        PICTURES.test(name) ? el("img", { class: "picture", src: url, alt: name, loading: "lazy" }) : null,
        el("a", { class: "file", href: url, download: name, "aria-label": say("message.file", name) }, icon("file"), name),
      ),
    ),
  );
}
