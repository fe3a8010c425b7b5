// Sounds of the phone, made here: ringing, a waiting call's knock, the ring-back tone, the beep before
// an automatic answer. They go to a device of their own, so that the bell can be the loudspeaker.
const PATTERNS = {
  ring: { tones: [[880, 0.18], [660, 0.18], [880, 0.18], [660, 0.18]], every: 3000, volume: 0.25 },
  knock: { tones: [[440, 0.15]], every: 4000, volume: 0.08 },
  calling: { tones: [[425, 1]], every: 5000, volume: 0.06 },
  beep: { tones: [[1000, 0.25]], every: 0, volume: 0.2 },
};

export class Ringer {
  constructor() {
    this.playing = "";
    this.timer = 0;
  }

  async use(device) {
    this.device = device;
    if (this.audio) await this.audio.setSinkId?.(device || "").catch(() => {});
  }

  // Start a sound, or with "" stop; the same again changes nothing.
  play(name) {
    if (name === this.playing) return;
    clearInterval(this.timer);
    this.playing = name;
    this.silence?.();
    if (!name) return;
    const pattern = PATTERNS[name];
    this.once(pattern);
    if (pattern.every) this.timer = setInterval(() => this.once(pattern), pattern.every);
  }

  beep() {
    return this.once(PATTERNS.beep);
  }

  async once({ tones, volume }) {
    const context = await this.ready();
    let at = context.currentTime;
    const gain = context.createGain();
    gain.connect(this.out);
    this.silence = () => gain.disconnect();
    for (const [frequency, seconds] of tones) {
      const tone = context.createOscillator();
      tone.frequency.value = frequency;
      tone.connect(gain);
      gain.gain.setValueAtTime(0, at);
      gain.gain.linearRampToValueAtTime(volume, at + 0.02);
      gain.gain.setValueAtTime(volume, at + seconds - 0.03);
      gain.gain.linearRampToValueAtTime(0, at + seconds);
      tone.start(at);
      tone.stop((at += seconds));
    }
    return new Promise((done) => setTimeout(done, 1000 * (at - context.currentTime)));
  }

  async ready() {
    if (!this.context) {
      this.context = new AudioContext();
      this.out = this.context.createMediaStreamDestination();
      this.audio = new Audio();
      this.audio.srcObject = this.out.stream;
      await this.use(this.device);
    }
    // A page nobody touched yet may not make a sound: the call is on the screen all the same.
    if (this.context.state === "suspended") this.context.resume().catch(() => {});
    this.audio.play().catch(() => {});
    return this.context;
  }
}
