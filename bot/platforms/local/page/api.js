/** Talks to the workspace's server, and hears from it when something has changed. */

import { language, say } from "./words.js";

const TRY_AGAIN = 1000;

/** A call that did not succeed; its message is the one sentence that the person reads. */
export class Failed extends Error {}

export function get(path, given = {}) {
  const query = new URLSearchParams(given).toString();
  return call(query ? `${path}?${query}` : path, {});
}

export function post(path, body) {
  return call(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

/** A key of its own for each thing a person does, so that doing it twice by accident does it once. */
export function once() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

async function call(path, options) {
  let response;
  try {
    response = await fetch(path, { ...options, headers: { ...options.headers, "Accept-Language": language() } });
  } catch {
    throw new Failed(say("error.network"));
  }
  const answer = await response.json().catch(() => null);
  if (response.ok && answer !== null) return answer;
  const reason = response.status < 500 && answer?.error;
  throw new Failed(reason ? String(reason) : say("error.server"));
}

/** Call `onChange(channel)` at every change, `onLost` and `onBack` when the connection goes and comes. */
export function listen({ onChange, onLost, onBack }) {
  let lost = false;
  const open = () => {
    const source = new EventSource("/api/stream");
    source.onopen = () => {
      if (lost) onBack();
      lost = false;
    };
    source.onmessage = (event) => onChange(JSON.parse(event.data).channel);
    source.onerror = () => {
      if (!lost) onLost();
      lost = true;
      source.close();
      setTimeout(open, TRY_AGAIN);
    };
  };
  open();
}
