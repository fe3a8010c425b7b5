// One call of the phone: a SIP session with its sound.
import { closeStream, openMicrophone } from "./media.js";
import { Quality, measure } from "./quality.js";

const SAMPLE_EVERY = 5000;
const CAUSES = { 403: "refused", 404: "bad_number", 408: "no_answer", 410: "bad_number", 480: "unreachable", 484: "bad_number", 486: "busy", 487: "cancelled", 488: "unsupported", 503: "unreachable", 600: "busy", 603: "busy" };
const TRANSPORT = { transportType: "RFC2833" };
let made = 0;

export class Line {
  constructor(session, phone, microphone = null) {
    Object.assign(this, { session, phone, microphone });
    this.id = `line${(made += 1)}`;
    this.direction = session.direction === "incoming" ? "in" : "out";
    this.number = session.remote_identity?.uri?.user || "";
    this.name = session.remote_identity?.display_name || "";
    this.click = session.direction === "incoming" ? session._request?.getHeader("X-Callcenter-Click") || "" : "";
    this.state = this.direction === "in" ? "ringing" : "calling";
    this.begun = Date.now();
    this.held = this.muted = this.remoteHeld = this.silent = false;
    this.cause = this.words = "";
    this.quality = new Quality();
    this.sample = null;
    this.audio = new Audio();
    this.audio.autoplay = true;
    this.listen();
  }

  // What the screen may know of it.
  view() {
    const { id, direction, number, name, state, begun, lifted, held, muted, remoteHeld, silent, sample, click, cause } = this;
    return { id, direction, number, name, state, begun, lifted, held, muted, remoteHeld, silent, sample, click, cause };
  }

  listen() {
    const { session } = this;
    const tell = () => this.phone.changed();
    session.on("peerconnection", ({ peerconnection }) => this.hear(peerconnection));
    if (session.connection) this.hear(session.connection);
    // One address is enough on most networks: do not wait for every last one.
    session.on("icecandidate", ({ ready }) => setTimeout(ready, 300));
    session.on("accepted", () => this.up());
    session.on("confirmed", () => this.up());
    session.on("hold", ({ originator }) => tell((this[originator === "local" ? "held" : "remoteHeld"] = true)));
    session.on("unhold", ({ originator }) => tell((this[originator === "local" ? "held" : "remoteHeld"] = false)));
    session.on("muted", () => tell((this.muted = true)));
    session.on("unmuted", () => tell((this.muted = false)));
    session.on("failed", (data) => this.over(data));
    session.on("ended", (data) => this.over(data));
  }

  hear(connection) {
    connection.addEventListener("track", ({ streams, track }) => {
      this.audio.srcObject = streams[0] || new MediaStream([track]);
      this.speakThrough(this.phone.devices.speaker);
      this.audio.play().catch(() => {});
    });
  }

  async speakThrough(device) {
    await this.audio.setSinkId?.(device || "").catch(() => this.audio.setSinkId("").catch(() => {}));
  }

  up() {
    if (this.state === "up" || this.state === "over") return;
    Object.assign(this, { state: "up", lifted: Date.now() });
    this.watchMicrophone();
    this.timer = setInterval(() => this.measure(), SAMPLE_EVERY);
    this.phone.changed();
  }

  // The microphone was unplugged: take another at once, and say so either way.
  watchMicrophone() {
    const [track] = this.microphone?.getAudioTracks() || [];
    if (track) track.onended = () => this.state !== "over" && this.replaceMicrophone("");
  }

  async replaceMicrophone(device) {
    try {
      const stream = await openMicrophone(device);
      const sender = this.session.connection.getSenders().find((one) => !one.track || one.track.kind === "audio");
      const [track] = stream.getAudioTracks();
      track.enabled = !this.muted && !this.held;
      await sender.replaceTrack(track);
      closeStream(this.microphone);
      this.microphone = stream;
      this.silent = false;
      this.watchMicrophone();
      this.phone.fault("microphone_replaced", track.label);
    } catch {
      this.silent = true;
      this.phone.fault("microphone_gone");
    }
    this.phone.changed();
  }

  async measure() {
    const figures = this.session.connection && (await measure(this.session.connection).catch(() => null));
    if (!figures || this.state !== "up") return;
    this.figures = figures;
    const sample = this.quality.add(figures);
    if (sample) this.sample = sample;
    this.phone.changed();
  }

  // Pressed twice it is answered once.
  answer() {
    this.answered ||= this.lift().catch((problem) => {
      this.answered = null;
      throw problem;
    });
    return this.answered;
  }

  // Who calls may give up while the microphone is opened.
  async lift() {
    const microphone = await openMicrophone(this.phone.devices.microphone);
    if (this.state !== "ringing") return closeStream(microphone);
    this.microphone = microphone;
    return this.session.answer({ mediaStream: this.microphone, mediaConstraints: { audio: true, video: false }, pcConfig: this.phone.pcConfig });
  }

  // busy: the caller of a second call hears so; else it goes on to whoever else may take it.
  hangUp() {
    const ringing = this.state === "ringing";
    if (!this.session.isEnded()) this.session.terminate(ringing ? { status_code: 486, reason_phrase: "Busy Here" } : {});
  }

  hold(on) {
    return new Promise((done, fail) => {
      if (this.held === on) return done();
      const started = on ? this.session.hold({}, done) : this.session.unhold({}, done);
      if (!started) fail(new Error("hold"));
    });
  }

  mute(on) {
    if (on) this.session.mute({ audio: true });
    else this.session.unmute({ audio: true });
  }

  dtmf(key) {
    this.session.sendDTMF(key, { ...TRANSPORT, duration: 120, interToneGap: 80 });
  }

  // Send the other side elsewhere: to an address, or into another line's call.
  refer(to, other = null) {
    const target = other ? other.session.remote_identity.uri : to;
    return new Promise((done, fail) => {
      // The PBX waits for us to leave; some that were asked to hand over have hung up by then.
      const accepted = () => {
        done();
        if (!this.session.isEnded()) this.session.terminate();
      };
      const failed = ({ response, message } = {}) => fail(new Error(CAUSES[response?.status_code || message?.status_code] || "refused"));
      this.session.refer(target, {
        ...(other ? { replaces: other.session } : {}),
        eventHandlers: { requestFailed: (data) => failed({ message: data?.response || data }), failed: ({ status_line: line }) => failed({ response: line }), accepted },
      });
    });
  }

  over({ cause, message, originator }) {
    if (this.state === "over") return;
    const status = message?.status_code;
    this.cause = this.lifted || originator === "local" ? "" : CAUSES[status] || (status >= 300 || cause === "Connection Error" ? "unreachable" : "");
    const told = /^callcenter (\w+)$/.exec(message?.reason_phrase || "");
    if (told) this.cause = told[1] === "number" ? "not_allowed" : told[1];
    this.state = "over";
    clearInterval(this.timer);
    closeStream(this.microphone);
    this.audio.srcObject = null;
    this.phone.ended(this);
  }
}
