// What a screen on a wall needs of its browser: to stay awake, and to be heard.

// Browsers let go of the lock whenever the page is hidden; without HTTPS there is none at all, and the
// screen's own settings must keep it on.
export function keepAwake() {
  const ask = () => document.hidden || navigator.wakeLock?.request("screen").catch(() => {});
  document.addEventListener("visibilitychange", ask);
  ask();
}

// Two short tones. A browser that wants a touch first stays silent: nothing else depends on it.
export function beep() {
  try {
    const context = new AudioContext();
    [0, 0.25].forEach((start, at) => tone(context, context.currentTime + start, at ? 660 : 880));
    setTimeout(() => context.close(), 1000);
  } catch {
    // no sound here
  }
}

function tone(context, start, frequency) {
  const [oscillator, gain] = [context.createOscillator(), context.createGain()];
  oscillator.frequency.value = frequency;
  gain.gain.setValueAtTime(0.25, start);
  gain.gain.exponentialRampToValueAtTime(0.001, start + 0.2);
  oscillator.connect(gain).connect(context.destination);
  oscillator.start(start);
  oscillator.stop(start + 0.2);
}
