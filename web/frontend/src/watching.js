// Who draws what of the state, so that a message costs only those whom it concerns (pure).
export class Watching {
  // parts: {name: (state) => value}; a part has changed when its value is another one (===).
  constructor(parts) {
    this.parts = parts;
    this.drawers = new Set();
    this.hearers = new Map();
  }

  // draw is to be called when any of these parts has changed. What it gives back ends that.
  watch(names, draw) {
    for (const name of names) if (!(name in this.parts)) throw new Error(`The state has no part "${name}".`);
    const drawer = { names, draw };
    this.drawers.add(drawer);
    return () => this.drawers.delete(drawer);
  }

  hear(kind, act) {
    this.hearers.set(kind, [...this.hearersOf(kind), act]);
  }

  hearersOf(kind) {
    return this.hearers.get(kind) || [];
  }

  everyone() {
    return [...this.drawers].map(({ draw }) => draw);
  }

  // Those to be called after a step from one state to another, in the order they came.
  concerned(before, after) {
    if (before === after) return [];
    const changed = new Set(Object.keys(this.parts).filter((name) => this.parts[name](before) !== this.parts[name](after)));
    return [...this.drawers].filter(({ names }) => names.some((name) => changed.has(name))).map(({ draw }) => draw);
  }
}
