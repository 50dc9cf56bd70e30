/** The commands that can be typed, as the bot knows them: offered while one writes. */

import { Failed, get } from "./api.js";
import { language } from "./words.js";

const known = new Map();

/** Fetch what the bot answers to, in the page's language. Without it one can still type everything. */
export async function learnCommands() {
  const spoken = language();
  if (known.has(spoken)) return;
  try {
    known.set(spoken, (await get("/api/words", { language: spoken })).words);
  } catch (error) {
    if (!(error instanceof Failed)) throw error;
  }
}

/** What may be meant by what has been typed so far: at first the commands, then the words after one. */
export function suggest(typed) {
  if (!typed.startsWith("/") || typed.includes("\n")) return [];
  const [first, second, third] = folded(typed.slice(1)).split(" ");
  if (third !== undefined) return [];
  const entries = known.get(language()) ?? [];
  const begins = (names, letters) => names.some((name) => folded(name).startsWith(letters));
  if (second !== undefined) {
    return entries.filter((entry) => isNamed(entry, first) && begins(entry.word, second));
  }
  const named = entries.filter((entry) => begins(entry.command, first));
  if (named.length === 0) return entries.filter((entry) => begins(entry.word, first));
  const isOne = new Set(named.map((entry) => entry.command[0])).size === 1;
  return isOne ? named : named.filter((entry) => entry.word.length === 0);
}

/** Whether what has been typed names a command wholly, so that Enter sends it. */
export function isWhole(typed) {
  const first = folded(typed.slice(1)).split(/\s/)[0];
  return (known.get(language()) ?? []).some((entry) => isNamed(entry, first));
}

/** Whether what was sent is a command that the bot does not know: it stays in the field, so that nothing is lost. */
export function isUnknown(text) {
  return text.startsWith("/") && known.has(language()) && !isWhole(text);
}

const isNamed = (entry, name) => entry.command.some((one) => folded(one) === name);

/** Without æ, ø and å, as it can be typed on any keyboard. */
const folded = (text) => text.toLowerCase().normalize("NFC").replaceAll("æ", "ae").replaceAll("ø", "oe").replaceAll("å", "aa");
