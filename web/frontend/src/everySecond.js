// Clocks in whole seconds. The beat of an interval may lie close to the moment at which a figure
// changes; ticks that come a little late then pass a second over, and show the next one for two. So
// each drawing sets the next for when a figure changes, however late it came itself.
const SECOND = 1000;
const SOON = 50; // clocks of many beats together are not drawn more often

// Where many figures count, they count from whole seconds, so that all of them change together: a
// screen with hundreds of clocks is drawn once a second.
export const onTheBeat = (moment) => Math.floor(moment / SECOND) * SECOND;

// What it gives back draws at once, and from then on by itself. `draw` says which moments its
// figures count from or to.
export function everySecond(draw, now) {
  let timer;
  return function tick() {
    clearTimeout(timer);
    let moments = [];
    try {
      moments = draw();
    } finally {
      timer = setTimeout(tick, untilNext(moments, now()));
    }
  };
}

function untilNext(moments, at) {
  const waits = moments.filter(Number.isFinite).map((moment) => SECOND - ((((at - moment) % SECOND) + SECOND) % SECOND));
  return Math.max(SOON, Math.min(SECOND, ...waits));
}
