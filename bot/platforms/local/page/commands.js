/** The commands that can be typed, with what they do in Danish and English: offered while one writes. */

import { language } from "./words.js";

/** Command, word after it, what follows, and what it does. The words are those of the contract; a test compares. */
export const COMMANDS = [
  ["ønske", "", "[titel]", "Skriv et nyt ønske", "Write a new wish"],
  ["ønske", "liste", "", "Se gruppens ønsker", "See the group's wishes"],
  ["ønske", "vis", "N", "Se hele ønsket", "See the whole wish"],
  ["ønske", "mine", "", "Se dine egne ønsker", "See your own wishes"],
  ["ønske", "støt", "N", "Stil din kommune bag et ønske", "Put your municipality behind a wish"],
  ["ønske", "søg", "ord", "Søg i ønskerne", "Search the wishes"],
  ["ønske", "ret", "N", "Ret et ønske", "Edit a wish"],
  ["ønske", "træk", "N", "Træk dit ønske tilbage", "Withdraw your wish"],
  ["ønske", "flet", "N i M", "Læg et ønske sammen med et andet", "Merge a wish into another"],
  ["ønske", "estimat", "N beløb", "Giv et ønske et estimat", "Give a wish an estimate"],
  ["ønske", "tilsagn", "N beløb", "Giv tilsagn om at betale med", "Pledge to pay a share"],
  ["ønske", "status", "N …", "Flyt et ønske videre", "Move a wish on"],
  ["ønske", "indstil", "N", "Indstil et ønske til styregruppen", "Recommend a wish to the steering committee"],
  ["ønske", "hjælp", "", "Se, hvad du kan med ønsker", "See what you can do with wishes"],
  ["afstemning", "", "", "Åbn en afstemning", "Open a poll"],
  ["afstemning", "stem", "N svar", "Stem med tekst", "Vote by text"],
  ["afstemning", "status", "N", "Se, hvor langt afstemningen er", "See how far the poll is"],
  ["afstemning", "luk", "N", "Luk en afstemning nu", "Close a poll now"],
  ["afstemning", "annuller", "N", "Annuller en afstemning", "Annul a poll"],
  ["afstemning", "resultat", "N", "Se et resultat", "See a result"],
  ["afstemning", "liste", "", "Se gruppens afstemninger", "See the group's polls"],
  ["møde", "", "", "Planlæg et møde", "Plan a meeting"],
  ["møde", "dato", "", "Find en dato sammen", "Find a date together"],
  ["møde", "liste", "", "Se gruppens møder", "See the group's meetings"],
  ["møde", "kommer", "N", "Sig, at du kommer", "Say that you are coming"],
  ["møde", "afbud", "N", "Meld afbud", "Send your apologies"],
  ["møde", "afholdt", "N", "Notér, at mødet er holdt", "Note that the meeting was held"],
  ["møde", "aflys", "N", "Aflys et møde", "Cancel a meeting"],
  ["møde", "dagsorden", "N", "Se eller skriv dagsordenen", "See or write the agenda"],
  ["møde", "referat", "N", "Se eller skriv referatet", "See or write the minutes"],
  ["møde", "status", "", "Se møderne i forhold til minimum", "See the meetings against the minimum"],
  ["gruppe", "", "", "Se gruppens overblik", "See the group's overview"],
  ["gruppe", "opret", "", "Gør kanalen til en gruppe", "Make the channel a group"],
  ["gruppe", "hvem", "", "Se, hvem der må hvad", "See who may do what"],
  ["gruppe", "medlemmer", "", "Se og ret medlemmerne", "See and change the members"],
  ["gruppe", "økonomi", "", "Se rammen, og hvad der er til rådighed", "See the frame and what is available"],
  ["gruppe", "kommissorium", "", "Se og ret kommissoriet", "See and change the terms of reference"],
  ["gruppe", "sundhed", "", "Se, hvad gruppen bør se på", "See what the group should look at"],
  ["gruppe", "beslutninger", "", "Se beslutningsloggen", "See the decision log"],
  ["gruppe", "rapport", "", "Få en rapport", "Get a report"],
  ["gruppe", "indstillinger", "", "Se og ret gruppens indstillinger", "See and change the group's settings"],
  ["gruppe", "stille", "", "Slå dine direkte beskeder fra og til", "Turn your direct messages off and on"],
  ["gruppe", "mine-data", "", "Se, hvad jeg ved om dig", "See what I know about you"],
  ["gruppe", "hjælp", "", "Se, hvad du kan skrive", "See what you can write"],
];

/** `/ønske støt`, what follows it, and what it does in the page's language. */
export const ENTRIES = () =>
  COMMANDS.map(([command, word, after, danish, english]) => ({
    text: `/${command}${word ? ` ${word}` : ""}`,
    after,
    about: language() === "da" ? danish : english,
    command: `/${command}`,
    word,
  }));

/** What may be meant by what has been typed so far: at first the commands, then the words after one. */
export function suggest(typed) {
  if (!typed.startsWith("/") || typed.includes("\n")) return [];
  const [first, second, third] = folded(typed).split(" ");
  if (third !== undefined) return [];
  const entries = ENTRIES();
  const named = entries.filter((entry) => aliases(entry.command).some((name) => name.startsWith(first)));
  if (second !== undefined) {
    const exact = named.filter((entry) => aliases(entry.command).includes(first));
    return exact.filter((entry) => entry.word && folded(entry.word).startsWith(second));
  }
  if (named.length === 0) return entries.filter((entry) => entry.word && folded(entry.word).startsWith(first.slice(1)));
  const commands = new Set(named.map((entry) => entry.command));
  return commands.size > 1 ? named.filter((entry) => !entry.word) : named;
}

/** Whether what has been typed names a command wholly, so that Enter sends it. */
export function isWhole(typed) {
  const first = folded(typed).split(/\s/)[0];
  return ENTRIES().some((entry) => aliases(entry.command).includes(first));
}

/** Without æ, ø and å, as it can be typed on any keyboard. */
const folded = (text) => text.toLowerCase().normalize("NFC").replaceAll("æ", "ae").replaceAll("ø", "oe").replaceAll("å", "aa");

function aliases(command) {
  const name = folded(command);
  return [name, name.replace("oe", "o")];
}
