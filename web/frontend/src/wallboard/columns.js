// How wide the columns of figures are (pure).
const FIGURES = 85; // percent of the table; the rest is for the name
const LEAST = 7; // characters: a share with its mark

// Words above columns → percent of the table for each.
export function sharesOf(heads) {
  const lengths = heads.map((head) => Math.max(LEAST, ...head.split(/\s+/).map((word) => word.length)));
  const sum = lengths.reduce((all, one) => all + one, 0);
  return lengths.map((one) => (FIGURES * one) / sum);
}
