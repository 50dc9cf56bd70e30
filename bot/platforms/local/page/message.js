/** Shows one message: who, when, what, its reactions, and the thread under it. */

import { actions } from "./actions.js";
import { block, files } from "./blocks.js";
import { clockTime, longMoment } from "./dates.js";
import { avatar, el, icon } from "./dom.js";
import { pickerButton, reactions } from "./reactions.js";
import { isDirect, store } from "./store.js";
import { say } from "./words.js";

/** The element of a message.
 *
 * `view.compact`: it follows one of the same author, whose name is not shown again. `view.replies`: what stands under it.
 * `view.open`: whether the thread is unfolded. `view.onFold`, `view.onReply`: what those buttons do. */
export function messageNode(message, view) {
  const isPrivate = message.private && !isDirect(store.channel);
  const classes = ["message", message.author_id === "bot" ? "by-bot" : "", isPrivate ? "private" : ""];
  if (view.compact) classes.push("compact");
  return el(
    "li",
    { class: classes.filter(Boolean).join(" "), "data-id": message.id },
    el(
      "article",
      { tabindex: "-1", "aria-labelledby": `head-${message.id}`, "data-key": `message ${message.id}` },
      avatar(message.author_id, message.author),
      el(
        "div",
        { class: "body" },
        head(message, view.compact),
        isPrivate ? el("p", { class: "only-you" }, icon("lock"), el("span", { text: say("message.private") })) : null,
        content(message),
        files(message.files),
        isPrivate ? null : foot(message, view),
      ),
    ),
    thread(message, view),
  );
}

function head(message, compact) {
  const at = new Date(message.at);
  const person = store.people.find((one) => one.id === message.author_id);
  return el(
    "header",
    { class: compact ? "head unseen" : "head", id: `head-${message.id}` },
    el("span", { class: "author", text: message.author }),
    message.author_id === "bot" ? el("span", { class: "badge", text: say("message.bot") }) : null,
    person?.municipality ? el("span", { class: "unit", text: person.municipality }) : null,
    el("time", { datetime: message.at, title: longMoment(at), text: clockTime(at) }),
  );
}

/** A message with a heading is a card; a plain one is only its text. */
function content(message) {
  const blocks = message.blocks.map((one) => (one.is === "Actions" ? actions(one, message) : block(one, message)));
  const isCard = message.blocks.some((one) => one.is === "Heading");
  return el("div", { class: isCard ? "content card" : "content" }, blocks);
}

function foot(message, view) {
  const tools = el(
    "div",
    { class: "tools", role: "group", "aria-label": say("message.tools") },
    pickerButton(message),
    view.onReply
      ? el(
          "button",
          {
            type: "button",
            class: "icon-button",
            tabindex: "-1",
            "aria-label": say("message.reply"),
            "data-tip": say("message.reply"),
            "data-key": `reply ${message.id}`,
            onclick: view.onReply,
          },
          icon("reply"),
        )
      : null,
  );
  const chips = reactions(message);
  return el("div", { class: chips ? "foot" : "foot bare" }, chips, tools);
}

function thread(message, view) {
  if (view.replies.length === 0) return null;
  const list = `thread-${message.id}`;
  const fold = el(
    "button",
    {
      type: "button",
      class: "fold",
      "aria-expanded": view.open,
      "aria-controls": list,
      "data-key": `fold ${message.id}`,
      onclick: view.onFold,
    },
    icon(view.open ? "down" : "right"),
    el("span", { text: say("message.replies", view.replies.length) }),
  );
  const replies = view.replies.map((reply, at) =>
    messageNode(reply, { replies: [], compact: follows(view.replies[at - 1], reply), open: false }),
  );
  return el("div", { class: "thread" }, fold, el("ol", { id: list, class: "list", role: "list", hidden: !view.open }, replies));
}

const TOGETHER = 5 * 60_000;

/** Whether a message belongs to the one before it so closely that its author is not named again. */
export function follows(before, message) {
  return Boolean(
    before &&
      before.author_id === message.author_id &&
      before.private === message.private &&
      Date.parse(message.at) - Date.parse(before.at) < TOGETHER &&
      !before.blocks.some((one) => one.is === "Heading") &&
      !message.blocks.some((one) => one.is === "Heading"),
  );
}
