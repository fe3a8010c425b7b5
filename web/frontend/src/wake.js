// A tab that slept: browsers stop timers of hidden tabs, freeze them whole, keep them beside when
// one goes elsewhere, and a computer sleeps with them. Whichever way, somebody is to be told.
const BEAT = 1000;
const SLEPT = 5000;

export function onWake(tell) {
  document.addEventListener("visibilitychange", () => document.hidden || tell());
  document.addEventListener("resume", tell);
  window.addEventListener("online", tell);
  window.addEventListener("pageshow", (event) => event.persisted && tell());
  let last = Date.now();
  setInterval(() => {
    const late = Date.now() - last - BEAT; // below nothing: the computer's clock was set back
    last = Date.now();
    if (Math.abs(late) > SLEPT && !document.hidden) tell();
  }, BEAT);
}
