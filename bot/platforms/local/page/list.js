/** The list of messages: drawn anew only where something changed, and standing still while one reads. */

import { get } from "./api.js";
import { dayKey, dayName } from "./dates.js";
import { byId, el, icon } from "./dom.js";
import { follows, messageNode } from "./message.js";
import { isWorking, murmur } from "./notes.js";
import { read, setUnread } from "./rooms.js";
import { isDirect, on, readUpTo, store } from "./store.js";
import { language, say } from "./words.js";

const STEP = 60;
const NEAR = 80;
const GLIMPSE = 16;
const OPEN_REPLIES = 3;

const scroll = byId("scroll");
const list = byId("list");
const drawn = new Map();
const folded = new Map();
let room = { channel: "", as: "", limit: STEP, messages: [], more: false, divider: 0, begun: false, onReply: () => {} };

export function begin({ onReply }) {
  room.onReply = onReply;
  byId("jump").addEventListener("click", toBottom);
  byId("older").addEventListener("click", showOlder);
  scroll.addEventListener("scroll", look, { passive: true });
  document.addEventListener("visibilitychange", look);
  list.addEventListener("keydown", walk);
  list.addEventListener("focusin", (event) => setCurrent(event.target.closest("article")));
  list.addEventListener("load", () => room.stuck && toBottom(), { capture: true });
  new ResizeObserver(() => room.stuck && toBottom()).observe(scroll);
  on("language", draw);
  on("state", draw);
}

/** Fetch the open channel and draw it. */
export async function show(channel) {
  const person = store.as;
  const isNew = channel !== room.channel || person !== room.as;
  const limit = isNew ? STEP : room.limit;
  const path = `/api/channels/${encodeURIComponent(channel)}/messages`;
  const { messages, more } = await get(path, { as: person, limit });
  if (person !== store.as || channel !== store.channel) return;
  if (isNew) {
    Object.assign(room, { channel, as: person, limit, divider: readUpTo(person, channel), begun: false });
    clear();
  }
  const fresh = isNew ? [] : newcomers(messages);
  const isFollowing = isAtBottom() || (isWorking() && fresh.some((one) => one.private || one.author_id === person));
  Object.assign(room, { messages, more });
  draw();
  list.dataset.place = `${person} ${channel}`;
  if (isNew) toStart();
  else if (isFollowing && fresh.length) reveal(fresh.at(-1));
  if (isNewestInSight()) seenAll();
  else setUnread(channel, messages);
  readAloud(fresh.filter((one) => one.author_id !== person));
}

/** Shows at once that another channel or person is on its way. */
export function clear() {
  drawn.clear();
  list.replaceChildren();
  byId("empty").hidden = true;
}

function newcomers(messages) {
  const newest = Math.max(0, ...room.messages.map((one) => Number(one.id)));
  return messages.filter((one) => Number(one.id) > newest);
}

function readAloud(fresh) {
  if (fresh.length === 0) return;
  const said = fresh.slice(-3).map((one) => {
    const words = one.text.length > 240 ? `${one.text.slice(0, 240)} …` : one.text;
    return `${one.private && !isDirect(room.channel) ? `${say("message.private")}. ` : ""}${say("list.said", one.author, words)}`;
  });
  murmur(said.join(". "));
}

// -- drawing

function draw() {
  if (room.as !== store.as || room.channel !== store.channel) return;
  const held = hold();
  arrange(wantedNodes());
  byId("older").hidden = !room.more;
  byId("empty").hidden = room.messages.length > 0;
  byId("empty").textContent = say(isDirect(room.channel) ? "list.empty_direct" : "list.empty");
  held();
  drawJump();
}

/** Day lines, the line above what is new, and the messages with their threads. */
function wantedNodes() {
  const known = new Set(room.messages.map((one) => one.id));
  const roots = room.messages.filter((one) => !known.has(one.thread));
  const wanted = [];
  let [before, lastDay] = [null, ""];
  for (const message of roots) {
    const day = dayKey(new Date(message.at));
    if (day !== lastDay) {
      lastDay = day;
      wanted.push(["day " + day, dayName(new Date(message.at)), (text) => el("li", { class: "line" }, el("span", { text }))]);
      before = null;
    }
    if (isFirstNew(message, roots)) {
      wanted.push(["new", say("list.new"), (text) => el("li", { class: "line new" }, el("span", { text }))]);
      before = null;
    }
    const entry = messageEntry(message, before);
    wanted.push(entry.drawing);
    before = entry.hasThread ? null : message;
  }
  return wanted;
}

function isFirstNew(message, roots) {
  if (!room.divider || message.author_id === store.as) return false;
  const first = roots.find((one) => Number(one.id) > room.divider && one.author_id !== store.as);
  return first === message && roots[0] !== message;
}

function messageEntry(message, before) {
  const replies = room.messages.filter((one) => one.thread === message.id);
  const open = folded.get(message.id) ?? replies.length <= OPEN_REPLIES;
  const compact = follows(before, message);
  const view = {
    compact,
    replies,
    open,
    onReply: () => room.onReply(message),
    onFold: () => {
      folded.set(message.id, !open);
      draw();
    },
  };
  const people = JSON.stringify(store.people);
  const signature = JSON.stringify([message, replies, open, compact, language(), people, dayName(new Date(message.at))]);
  return { drawing: [message.id, signature, () => messageNode(message, view)], hasThread: replies.length > 0 };
}

/** Make the list hold these, and touch nothing that is right already. */
function arrange(wanted) {
  const keys = new Set(wanted.map(([key]) => key));
  for (const [key, old] of drawn) {
    if (keys.has(key)) continue;
    old.node.remove();
    drawn.delete(key);
  }
  let cursor = list.firstElementChild;
  for (const [key, signature, make] of wanted) {
    const old = drawn.get(key);
    if (old?.signature !== signature) {
      const node = make(signature);
      if (cursor === old?.node) cursor = node;
      old?.node.replaceWith(node);
      drawn.set(key, { node, signature });
    }
    const { node } = drawn.get(key);
    if (node === cursor) cursor = cursor.nextElementSibling;
    else list.insertBefore(node, cursor);
  }
  setCurrent(list.querySelector(`[data-key="${CSS.escape(room.current ?? "")}"]`) ?? articles().at(-1));
}

/** Remember what the eye and the focus are on; answers what puts them back there. */
function hold() {
  const bottom = isAtBottom();
  const focused = list.contains(document.activeElement) ? document.activeElement : null;
  const home = focused?.closest("article")?.dataset.key;
  const edge = scroll.getBoundingClientRect().top;
  const anchor = articles().find((one) => one.getBoundingClientRect().bottom > edge);
  const [key, top] = [anchor?.dataset.key, anchor?.getBoundingClientRect().top];
  return () => {
    if (bottom) toBottom();
    else {
      const again = key && find(key);
      if (again) scroll.scrollTop += again.getBoundingClientRect().top - top;
    }
    if (focused && !focused.isConnected) {
      (find(focused.dataset.key ?? "") ?? find(home ?? ""))?.focus({ preventScroll: true });
    }
  };
}

const find = (key) => list.querySelector(`[data-key="${CSS.escape(key)}"]`);

// -- where one is

const isAtBottom = () => scroll.scrollHeight - scroll.scrollTop - scroll.clientHeight < NEAR;

function toBottom() {
  scroll.scrollTop = scroll.scrollHeight;
  room.stuck = true;
}

/** Bring a message into sight: the newest at the foot, or from its beginning where it is taller than the window. */
function reveal(message) {
  toBottom();
  const node = drawn.get(message.id)?.node;
  const over = node ? scroll.getBoundingClientRect().top - node.getBoundingClientRect().top : 0;
  if (over <= 0) return;
  scroll.scrollTop -= over;
  room.stuck = isAtBottom();
}

/** Whether at least the beginning of the newest message is in the window. */
function isNewestInSight() {
  const newest = list.lastElementChild;
  return !newest || newest.getBoundingClientRect().top < scroll.getBoundingClientRect().bottom - GLIMPSE;
}

function toStart() {
  const line = drawn.get("new")?.node;
  if (line) line.scrollIntoView({ block: "start" });
  else toBottom();
}

/** What is in sight counts as read, and what is not has a button that goes there. */
function look() {
  room.stuck = isAtBottom();
  if (isNewestInSight()) seenAll();
  drawJump();
}

function seenAll() {
  if (!document.hidden && room.messages.length) read(room.channel, room.messages);
  drawJump();
}

function drawJump() {
  const jump = byId("jump");
  const seen = readUpTo(store.as, room.channel);
  const count = room.messages.filter((one) => Number(one.id) > seen && one.author_id !== store.as).length;
  jump.hidden = isNewestInSight();
  jump.replaceChildren(icon("arrow"), el("span", { text: say("list.jump", count) }));
}

async function showOlder() {
  room.limit += STEP;
  await show(room.channel);
}

// -- the keyboard: one message at a time is the current one, and only its tools are in the tab order

const articles = () => [...list.querySelectorAll("article")].filter((one) => !one.closest("[hidden]"));

function setCurrent(article) {
  if (!article) return;
  for (const old of list.querySelectorAll("article.current")) if (old !== article) setTabs(old, false);
  setTabs(article, true);
  room.current = article.dataset.key;
}

function setTabs(article, isCurrent) {
  article.classList.toggle("current", isCurrent);
  article.tabIndex = isCurrent ? 0 : -1;
  for (const tool of article.querySelectorAll(".tools button")) tool.tabIndex = isCurrent ? 0 : -1;
}

function walk(event) {
  if (event.target.tagName !== "ARTICLE") return;
  const all = articles();
  const at = all.indexOf(event.target);
  const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
  if (to === undefined || !all[to]) return;
  event.preventDefault();
  all[to].focus();
}
