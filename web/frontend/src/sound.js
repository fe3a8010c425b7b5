// A short chime, made in the page. A browser that has seen no click yet keeps silent, and so do we.
let context = null;

export function chime(frequency = 660) {
  try {
    context ||= new AudioContext();
    if (context.state === "suspended") context.resume().catch(() => {});
    const [tone, loudness] = [context.createOscillator(), context.createGain()];
    tone.frequency.value = frequency;
    loudness.gain.setValueAtTime(0.12, context.currentTime);
    loudness.gain.exponentialRampToValueAtTime(0.001, context.currentTime + 0.5);
    tone.connect(loudness).connect(context.destination);
    tone.start();
    tone.stop(context.currentTime + 0.5);
  } catch {
    // no sound on this machine: the words stand on the screen
  }
}
