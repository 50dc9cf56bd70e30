/** The emojis that can be chosen here: short name, sign, and what they are called in Danish and English. */

import { language } from "./words.js";

const TABLE = [
  ["one", "1️⃣", "1", "1"],
  ["two", "2️⃣", "2", "2"],
  ["three", "3️⃣", "3", "3"],
  ["four", "4️⃣", "4", "4"],
  ["five", "5️⃣", "5", "5"],
  ["six", "6️⃣", "6", "6"],
  ["seven", "7️⃣", "7", "7"],
  ["eight", "8️⃣", "8", "8"],
  ["nine", "9️⃣", "9", "9"],
  ["keycap_ten", "🔟", "10", "10"],
  ["+1", "👍", "tommel op", "thumbs up"],
  ["-1", "👎", "tommel ned", "thumbs down"],
  ["white_check_mark", "✅", "flueben, ja", "check mark, yes"],
  ["x", "❌", "kryds, nej", "cross, no"],
  ["question", "❓", "spørgsmål", "question"],
  ["heart", "❤️", "hjerte", "heart"],
  ["tada", "🎉", "fest, tillykke", "party, congratulations"],
  ["clap", "👏", "klapper", "clapping"],
  ["pray", "🙏", "tak", "thank you"],
  ["raised_hands", "🙌", "jubel", "hooray"],
  ["raised_hand", "✋", "hånd op", "raised hand"],
  ["eyes", "👀", "jeg kigger på det", "looking at it"],
  ["thinking_face", "🤔", "tænker", "thinking"],
  ["bulb", "💡", "god idé", "idea"],
  ["rocket", "🚀", "af sted", "off we go"],
  ["hourglass", "⏳", "vent", "wait"],
  ["warning", "⚠️", "advarsel", "warning"],
  ["calendar", "📅", "kalender", "calendar"],
  ["moneybag", "💰", "penge", "money"],
  ["slightly_smiling_face", "🙂", "smil", "smile"],
  ["joy", "😂", "griner", "laughing"],
  ["disappointed", "😞", "ærgerligt", "disappointed"],
];

const BY_NAME = new Map(TABLE.map((row) => [row[0], row]));

export const NAMES = TABLE.map((row) => row[0]);

/** The sign, or `:name:` for one that is not known here. */
export const signOf = (name) => BY_NAME.get(name)?.[1] ?? `:${name}:`;

/** What it is called in the page's language. */
export function wordsOf(name) {
  const row = BY_NAME.get(name);
  return row ? row[language() === "da" ? 2 : 3] : name.replaceAll("_", " ");
}

/** The names whose short name or words contain what was typed. */
export function findEmojis(typed) {
  const wanted = typed.trim().toLowerCase();
  return TABLE.filter((row) => row.some((word) => word.toLowerCase().includes(wanted))).map((row) => row[0]);
}
