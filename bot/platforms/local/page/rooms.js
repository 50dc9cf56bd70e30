/** Keeps what is shown true: fetches the channels that changed, counts what is unread, and opens the form that waits. */

import { Failed, get } from "./api.js";
import { directOf, isDirect, loadState, markRead, on, readUpTo, rooms, store, tell } from "./store.js";

const PEEK = 30;
const GATHER = 30;
const PEOPLE_AFTER = 1000;

export const unread = new Map();
let shows = () => {};
let opensForm = async () => {};

/** `show(channel)` fetches and draws the open channel; `openForm()` looks for a form that waits for the person. */
export function begin({ show, openForm }) {
  shows = show;
  opensForm = openForm;
  on("person", () => {
    unread.clear();
    lookAtAll();
  });
}

/** Every channel, and the form that may wait. */
export async function lookAtAll() {
  await Promise.all([...rooms().map(refresh), opensForm()]);
}

/** Everything again, as when the connection is back. */
export async function lookAround() {
  await Promise.all([loadState(), lookAtAll()]);
}

/** After something that the person did themselves: they see it without waiting for the stream. */
export async function afterDeed() {
  await Promise.all([refresh(store.channel), opensForm()]);
}

const heardOf = new Set();

/** The server says that a channel changed; no name means that everything may have. Many of these in a short time, as
 * when everybody votes, are answered by one look. */
export function changed(channel) {
  if (heardOf.size === 0) setTimeout(lookAtChanges, GATHER);
  heardOf.add(channel);
}

async function lookAtChanges() {
  const channels = [...heardOf];
  heardOf.clear();
  if (channels.includes("")) return lookAround().catch(unlessFailed);
  const mine = channels.filter((one) => !isDirect(one) || one === directOf(store.as));
  if (mine.length) lookAtPeopleSoon();
  return Promise.all([...mine.map(refresh), mine.some(isDirect) ? opensForm() : undefined]);
}

let willLook = false;

/** Who is who changes seldom: it is looked at after what changed, not with every change. */
function lookAtPeopleSoon() {
  if (willLook) return;
  willLook = true;
  setTimeout(() => {
    willLook = false;
    loadState().catch(unlessFailed);
  }, PEOPLE_AFTER);
}

/** A call that failed now is made again at the next change. */
function unlessFailed(error) {
  if (!(error instanceof Failed)) throw error;
}

const underWay = new Map();

/** Fetch a channel; calls that come while one is under way are answered by one more fetch after it. */
export function refresh(channel) {
  const known = underWay.get(channel);
  if (known) {
    known.again ??= known.done.then(() => refresh(channel));
    return known.again;
  }
  const work = { done: null, again: null };
  work.done = fetchRoom(channel).finally(() => underWay.delete(channel));
  underWay.set(channel, work);
  return work.done;
}

async function fetchRoom(channel) {
  if (isDirect(channel) && channel !== directOf(store.as)) return; // asked for before the person was switched
  try {
    await (channel === store.channel ? shows(channel) : count(channel));
  } catch (error) {
    unlessFailed(error);
  }
}

async function count(channel) {
  const person = store.as;
  const { messages } = await get(`/api/channels/${encodeURIComponent(channel)}/messages`, { as: person, limit: PEEK });
  if (person !== store.as || channel === store.channel) return;
  setUnread(channel, messages);
}

/** How many of these messages of others the person has not seen. */
export function setUnread(channel, messages) {
  const seen = readUpTo(store.as, channel);
  const fresh = messages.filter((one) => Number(one.id) > seen && one.author_id !== store.as);
  if ((unread.get(channel) ?? 0) === fresh.length) return;
  unread.set(channel, fresh.length);
  tell("unread");
}

export function read(channel, messages) {
  if (messages.length) markRead(channel, Math.max(...messages.map((one) => Number(one.id))));
  if (unread.get(channel)) {
    unread.set(channel, 0);
    tell("unread");
  }
}
