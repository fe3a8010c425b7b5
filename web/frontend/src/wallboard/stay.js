// A page of a wall while it is looked at (pure): whoever stands on it keeps their place, whoever goes
// leaves it free, and whoever comes takes a free one. It is put in order when it is turned to.
import { columnsOf, PEOPLE_A_PAGE } from "./pages.js";

const COLUMNS = 4;

// Callers come and go: their page has all its places from the beginning.
export function stayAt(pages, page) {
  const others = pages.filter((one) => one !== page && one.kind === page.kind).flatMap(({ keys }) => keys);
  const full = page.kind === "callers";
  const columns = full ? COLUMNS : columnsOf(page.keys.length);
  const size = full ? PEOPLE_A_PAGE : Math.ceil(page.keys.length / columns) * columns;
  const places = Array.from({ length: size }, (_none, at) => page.keys[at] ?? null);
  return { kind: page.kind, part: page.part, columns, places, others: new Set(others) };
}

// The same stay with those who are there now, and how many find no place on it.
export function settle(stay, keys) {
  const here = new Set(keys);
  const places = stay.places.map((key) => (here.has(key) ? key : null));
  const known = new Set(places);
  const came = keys.filter((key) => !known.has(key) && !stay.others.has(key));
  const settled = places.map((key) => key ?? came.shift() ?? null);
  return { stay: { ...stay, places: settled }, more: came.length };
}

// The page after this one: those of a kind whose list became empty are not there any more.
export function after(pages, stay, kinds) {
  const rank = ({ kind, part }) => kinds.indexOf(kind) * 1000 + part;
  return pages.find((one) => rank(one) > rank(stay)) || pages[0];
}

// Its time is over, or all who stood on it are gone: an empty page stays only where there is no other.
export const isOver = (pages, stay, passed, seconds) => passed >= seconds || (pages.length > 0 && stay.places.every((key) => key === null));

export const samePage = (one, other) => one.kind === other.kind && one.part === other.part;
