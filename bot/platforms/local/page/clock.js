/** The workspace's clock: what time it is there, and the way to move it forward. */

import { post } from "./api.js";
import { controlMoment, longMoment, momentOf, shortMoment } from "./dates.js";
import { byId, el, icon } from "./dom.js";
import { guarded, guards, murmur } from "./notes.js";
import { openPop } from "./pops.js";
import { lookAround } from "./rooms.js";
import { now, on } from "./store.js";
import { say } from "./words.js";

const STEPS = { "clock.hour": 1, "clock.day": 24, "clock.week": 168 };

export function begin() {
  on("clock", draw);
  on("language", draw);
}

function draw() {
  const moment = longMoment(now());
  const known = byId("clock-open");
  if (known) {
    known.setAttribute("aria-label", say("clock.label", moment));
    known.querySelector(".wide").textContent = moment;
    known.querySelector(".slim").replaceChildren(...slim());
    return;
  }
  byId("clock").replaceChildren(
    el(
      "button",
      {
        type: "button",
        class: "clock",
        id: "clock-open",
        "aria-haspopup": "dialog",
        "aria-expanded": false,
        "aria-label": say("clock.label", moment),
        onclick: (event) => open(event.currentTarget),
      },
      icon("clock"),
      el("span", { class: "wide", text: moment }),
      el("span", { class: "slim" }, slim()),
    ),
  );
}

const slim = () => shortMoment(now()).map((text) => el("span", { text }));

function open(anchor) {
  const wrong = el("p", { class: "field-error", id: "clock-wrong", hidden: true });
  const to = el("input", {
    type: "datetime-local",
    id: "clock-to",
    value: controlMoment(now()),
    min: controlMoment(now()),
    "aria-describedby": "clock-wrong",
  });
  const words = el("p", { class: "hint", "aria-live": "polite" });
  to.addEventListener("input", () => {
    words.textContent = to.value ? longMoment(momentOf(to.value)) : "";
  });
  const shown = el("p", { class: "clock-now", text: longMoment(now()) });
  const move = async (body) => {
    const done = await guarded("clock", async () => {
      await post("/api/clock", body);
      await lookAround();
    });
    if (!done) return;
    shown.textContent = longMoment(now());
    to.value = controlMoment(now());
    words.textContent = "";
    murmur(say("clock.now", longMoment(now())));
  };
  const panel = el(
    "div",
    { class: "clock-panel", role: "dialog", "aria-label": say("clock.title") },
    el("h2", { text: say("clock.title") }),
    shown,
    el(
      "div",
      { class: "clock-steps" },
      Object.entries(STEPS).map(([key, hours]) =>
        el("button", {
          type: "button",
          class: "plain",
          text: say(key),
          ...guards("clock"),
          onclick: () => move({ forward_hours: hours }),
        }),
      ),
    ),
    el("label", { for: "clock-to", text: say("clock.to") }),
    el(
      "form",
      {
        class: "clock-to",
        novalidate: true,
        onsubmit: (event) => {
          event.preventDefault();
          const moment = to.value ? momentOf(to.value) : null;
          const late = moment === null || moment <= now();
          wrong.hidden = !late;
          wrong.textContent = late ? say("clock.past") : "";
          to.setAttribute("aria-invalid", String(late));
          if (late) to.focus();
          else move({ to: moment.toISOString() });
        },
      },
      to,
      el("button", { type: "submit", class: "primary", text: say("clock.go"), ...guards("clock") }),
    ),
    words,
    wrong,
    el("p", { class: "hint", text: say("clock.about") }),
  );
  if (openPop(anchor, panel)) panel.querySelector("button").focus();
}
