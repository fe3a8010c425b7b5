// The most places of a list that can stay where they are while the rest is moved (pure).

// numbers → the indexes of a longest run that rises (strictly), as a Set.
export function inOrder(numbers) {
  const ends = []; // ends[n]: where the run of n + 1 that ends lowest ends
  const before = [];
  numbers.forEach((number, at) => {
    const length = firstNotBelow(ends, numbers, number);
    before[at] = length ? ends[length - 1] : -1;
    ends[length] = at;
  });
  const found = new Set();
  for (let at = ends.at(-1) ?? -1; at >= 0; at = before[at]) found.add(at);
  return found;
}

function firstNotBelow(ends, numbers, number) {
  let [low, high] = [0, ends.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numbers[ends[middle]] < number) low = middle + 1;
    else high = middle;
  }
  return low;
}
