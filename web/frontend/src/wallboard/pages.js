// How a wall's pages are laid out (pure): at most twelve figures on one, so that each can be read
// from across a room.
export const MOST_FIGURES = 12;
export const QUEUES_A_PAGE = 3; // of four figures each
export const PEOPLE_A_PAGE = 12;

const KEYS = { figures: (kind) => kind, queues: (queue) => queue.queue, callers: (caller) => caller.call, operators: (one) => one.id };
export const keyOf = (kind, item) => KEYS[kind](item);

// The kinds of pages in their order.
export function kindsOf(tiles, lists) {
  return ["figures", ...tiles.filter((kind) => kind in lists)];
}

// [{kind: "figures" | "queues" | "callers" | "operators", part, items, keys}]; a list without anything
// has no page.
export function pagesOf(tiles, lists) {
  const all = { figures: tiles.filter((kind) => !(kind in lists)), ...lists };
  const sizes = { figures: MOST_FIGURES, queues: QUEUES_A_PAGE, callers: PEOPLE_A_PAGE, operators: PEOPLE_A_PAGE };
  return kindsOf(tiles, lists).flatMap((kind) => chunks(all[kind], sizes[kind]).map((items, part) => ({ kind, part, items, keys: items.map((item) => keyOf(kind, item)) })));
}

// As even as it gets: 14 are 7 and 7, not 12 and 2.
function chunks(items, most) {
  const count = Math.ceil(items.length / most);
  return Array.from({ length: count }, (_none, at) => items.slice(Math.ceil((at * items.length) / count), Math.ceil(((at + 1) * items.length) / count)));
}

// 12 as 4 × 3, 6 as 3 × 2: wide screens, wide rows.
export function columnsOf(count) {
  if (count <= 3) return count;
  if (count === 4) return 2;
  return count <= 6 || count === 9 ? 3 : 4;
}
