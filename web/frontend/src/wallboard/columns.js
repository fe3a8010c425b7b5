// How wide the columns of figures are, and how many callers stand beside each other (pure).
const FIGURES = 85; // percent of the table; the rest is for the name
const LEAST = 7; // characters: a share with its mark

// Words above columns → percent of the table for each.
export function sharesOf(heads) {
  const lengths = heads.map((head) => Math.max(LEAST, ...head.split(/\s+/).map((word) => word.length)));
  const sum = lengths.reduce((all, one) => all + one, 0);
  return lengths.map((one) => (FIGURES * one) / sum);
}

const PLACE = 336; // pixels: a name, what they are to us, how long they wait, and the gap (wallboard.css)
const MORE = 96; // "and 12 more"

// Callers that one line has room for, beside the word of how many more there are.
export const placesIn = (width) => Math.max(1, Math.floor((width - MORE) / PLACE));
