/** Starts the page: reads where one is from the address, draws everything, and listens for what changes. */

import { Failed, listen } from "./api.js";
import * as clock from "./clock.js";
import * as composer from "./composer.js";
import { byId } from "./dom.js";
import * as forms from "./forms.js";
import * as list from "./list.js";
import { guarded, murmur, toast } from "./notes.js";
import * as rooms from "./rooms.js";
import * as side from "./side.js";
import { follow, loadState, on, readAddress, sendLanguage, store, tell, wantedLanguage } from "./store.js";
import { language, say, speak } from "./words.js";

const LOOK_AT_CLOCK = 30_000;
const TRY_AGAIN = 2500;

async function start() {
  speak(wantedLanguage());
  try {
    await loadState();
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
    byId("lost").textContent = say("start.failed");
    setTimeout(start, TRY_AGAIN);
    return;
  }
  byId("lost").textContent = "";
  readAddress();
  begin();
  await guarded("language", sendLanguage, 0);
  await rooms.lookAtAll();
  document.documentElement.dataset.ready = "true";
}

function begin() {
  on("person", () => {
    forgetPlace();
    if (wantedLanguage() !== language()) tell("language");
    guarded("language", sendLanguage, 0);
  });
  on("channel", () => {
    forgetPlace();
    rooms.refresh(store.channel);
  });
  on("language", () => speak(wantedLanguage()));
  side.begin();
  clock.begin();
  composer.begin();
  forms.begin();
  list.begin({ onReply: composer.replyUnder });
  rooms.begin({ show: list.show, openForm: () => forms.openWaiting().catch(failed) });
  window.addEventListener("popstate", follow);
  window.addEventListener("hashchange", follow);
  for (const [link, target] of [["skip-composer", "composer-text"], ["skip-messages", "list"]]) {
    byId(link).addEventListener("click", (event) => {
      event.preventDefault();
      (target === "list" ? (byId("list").querySelector("article.current") ?? byId("list")) : byId(target)).focus();
    });
  }
  listen({
    onChange: rooms.changed,
    onLost: () => (byId("lost").textContent = say("lost.text")),
    onBack: () => {
      byId("lost").textContent = "";
      murmur(say("lost.back"));
      rooms.lookAround().catch(failed);
    },
  });
  setInterval(() => document.hidden || byId("lost").textContent || loadState().catch(failed), LOOK_AT_CLOCK);
  tell("language");
}

/** What belongs to the place one left is not shown in the next one. */
function forgetPlace() {
  list.clear();
}

function failed(error) {
  if (!(error instanceof Failed)) throw error;
  toast(error.message);
}

start();
