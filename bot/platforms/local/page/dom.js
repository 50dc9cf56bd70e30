/** Makes elements: a text is always set as a text, never as markup. */

const SVG = "http://www.w3.org/2000/svg";

/** An element. `on…` are listeners, `text` and `class` what they say, the rest attributes; false and null are left out. */
export function el(tag, given = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) set(node, name, value);
  node.append(...children.flat().filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function set(node, name, value) {
  if (value === null || value === undefined) return;
  if (name === "text") node.textContent = value;
  else if (name === "class") node.className = value;
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name.startsWith("aria-")) node.setAttribute(name, String(value));
  else if (value !== false) node.setAttribute(name, value === true ? "" : String(value));
}

export const byId = (id) => document.getElementById(id);

const STROKES = {
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6L6 18",
  hash: "M9 4 7 20M17 4l-2 16M4 9h17M3 15h17",
  clock: "M12 7v5l3.5 2M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18z",
  lock: "M7 11V8a5 5 0 0 1 10 0v3M6 11h12v9H6z",
  reply: "M10 8 5 13l5 5M5 13h9a5 5 0 0 0 5-5V6",
  smile: "M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM8.5 14.5c2 2.4 5 2.4 7 0M9 9.5v.5M15 9.5v.5",
  send: "M4 12h14M12 5l7 7-7 7",
  down: "M6 9.5l6 6 6-6",
  right: "M9.5 6l6 6-6 6",
  arrow: "M12 5v14M6 13l6 6 6-6",
  file: "M7 3h7l4 4v14H7zM14 3v4h4",
  check: "M5 12.5l4.5 4.5L19 7.5",
  alert: "M12 8v5M12 16.5v.5M12 3 2.5 20h19z",
  plus: "M12 5v14M5 12h14",
};

/** A drawn sign, hidden from screen readers: the control beside it carries the words. */
export function icon(name) {
  const drawing = document.createElementNS(SVG, "svg");
  for (const [key, value] of Object.entries({ viewBox: "0 0 24 24", class: "icon", "aria-hidden": "true" })) {
    drawing.setAttribute(key, value);
  }
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", STROKES[name]);
  drawing.append(line);
  return drawing;
}

/** The letters that stand for a person without a picture: "Anna Holm" is AH. */
export function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  const last = words.length > 1 ? words.at(-1) : "";
  return ([...(words[0] ?? "?")][0] + ([...last][0] ?? "")).toUpperCase();
}

/** A person's square with their initials; the bot's with its sign. */
export function avatar(id, name, size = "") {
  if (id === "bot") {
    return el("img", { class: `avatar ${size}`, src: "/page/icon.svg", alt: "" });
  }
  let sum = 0;
  for (const letter of id) sum = (sum * 31 + letter.codePointAt(0)) % 997;
  return el("span", { class: `avatar hue-${sum % 8} ${size}`, text: initials(name), "aria-hidden": true });
}
