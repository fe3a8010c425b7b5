// The phone itself: JsSIP, its lines and its bell. It knows nothing of the page; the page (softPhone.js)
// loads it as a bundle of its own and is told of every change.
import UA from "jssip/lib/UA.js";
import { Line } from "./line.js";
import { closeStream, openMicrophone, levelOf, listDevices, MediaFault } from "./media.js";
import { Ringer } from "./ringer.js";
import { SigningSocket } from "./socket.js";

const RETRY = [10, 20, 40, 60];
const UNANSWERED = 8000;

class Phone {
  // settings: {url, name, domain, display_name, expires}; tell(kind, detail) for changed, fault, ended.
  constructor(settings, devices, sign, tell) {
    Object.assign(this, { settings, devices, tell });
    this.lines = [];
    this.connection = "connecting";
    this.registered = false;
    this.refused = "";
    this.attempts = 0;
    this.pcConfig = { iceServers: [] };
    this.ringer = new Ringer();
    this.ringer.use(devices.ringer);
    this.socket = new SigningSocket(settings.url, sign);
    this.ua = new UA({
      sockets: [this.socket],
      uri: `sip:${settings.name}@${settings.domain}`,
      display_name: settings.display_name,
      password: "the server signs",
      register: true,
      register_expires: settings.expires,
      session_timers: true,
      no_answer_timeout: 180,
      connection_recovery_min_interval: 1,
      connection_recovery_max_interval: 5,
      user_agent: "callcenter",
    });
    this.listen();
    // A microphone that is plugged in again is taken up at once.
    navigator.mediaDevices?.addEventListener("devicechange", () => {
      for (const line of this.lines) if (line.silent) line.replaceMicrophone(this.devices.microphone);
    });
  }

  listen() {
    const { ua } = this;
    ua.on("connecting", () => this.set({ connection: "connecting" }));
    ua.on("connected", () => this.connected());
    ua.on("disconnected", () => this.set({ connection: "down", registered: false }));
    ua.on("registered", () => this.set({ registered: true, refused: "", attempts: 0 }));
    ua.on("unregistered", () => this.set({ registered: false }));
    ua.on("registrationFailed", (data) => this.registrationFailed(data));
    ua.on("newRTCSession", ({ originator, session }) => originator === "remote" && this.incoming(session));
  }

  // A PBX that has only just started takes the socket, and hears nothing of what it is told.
  connected() {
    this.set({ connection: "up" });
    clearTimeout(this.unanswered);
    this.unanswered = setTimeout(() => !this.registered && !this.refused && !this.stopped && this.socket.drop(), UNANSWERED);
  }

  set(values) {
    Object.assign(this, values);
    this.changed();
  }

  view() {
    const { connection, registered, refused } = this;
    return { connection, registered, refused, lines: this.lines.map((line) => line.view()) };
  }

  changed() {
    this.ringer.play(this.sound());
    this.tell("changed", this.view());
  }

  sound() {
    const has = (state) => this.lines.some((line) => line.state === state);
    if (has("ringing")) return has("up") ? "knock" : "ring";
    // Once the network itself plays the ring-back, ours would be a second one.
    return this.lines.some((line) => line.state === "calling" && !line.audio.srcObject) ? "calling" : "";
  }

  fault(code, detail = "") {
    this.tell("fault", { code, detail });
  }

  start() {
    this.ua.start();
  }

  stop() {
    this.stopped = true;
    clearTimeout(this.timer);
    this.ringer.play("");
    this.ua.stop();
  }

  // Another screen has the phone now: what is up is talked to its end here, nothing new comes.
  retire() {
    clearTimeout(this.timer);
    if (!this.lines.length) return this.stop();
    this.retired = true;
  }

  registrationFailed({ response }) {
    const told = /^callcenter (\w+)$/.exec(response?.reason_phrase || "")?.[1];
    const refused = told || ([401, 403, 404, 407].includes(response?.status_code) ? "wrong_key" : "");
    this.set({ registered: false, refused: refused || this.refused });
    if (refused === "elsewhere") return this.fault("elsewhere");
    const wait = RETRY[Math.min(this.attempts, RETRY.length - 1)];
    this.attempts += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.register(), 1000 * wait);
    return undefined;
  }

  register() {
    clearTimeout(this.timer);
    if (!this.stopped && !this.retired && this.ua.isConnected()) this.ua.register();
  }

  incoming(session) {
    if (this.retired || this.lines.filter((line) => line.state !== "over").length >= 2) {
      session.terminate({ status_code: 486, reason_phrase: "Busy Here" });
      return;
    }
    this.lines.push(new Line(session, this));
    this.tell("ringing", this.lines.at(-1).view());
    this.changed();
  }

  // Opens the microphone first: a call without one is no call. Throws a MediaFault.
  async call(number) {
    if (!this.registered) throw new MediaFault("not_registered");
    const microphone = await openMicrophone(this.devices.microphone);
    const session = this.ua.call(`sip:${number}@${this.settings.domain}`, {
      mediaStream: microphone,
      mediaConstraints: { audio: true, video: false },
      pcConfig: this.pcConfig,
    });
    const line = new Line(session, this, microphone);
    line.number = number;
    this.lines.push(line);
    this.changed();
    return line.id;
  }

  ended(line) {
    this.lines = this.lines.filter((one) => one !== line);
    const seconds = line.lifted ? (Date.now() - line.lifted) / 1000 : 0;
    this.tell("ended", { ...line.view(), quality: line.quality.summary(), lifted_ago: seconds });
    this.changed();
    if (this.retired && !this.lines.length) this.stop();
  }

  line(id) {
    return this.lines.find((one) => one.id === id);
  }

  answer(id) {
    return this.line(id)?.answer();
  }

  async autoAnswer(id) {
    this.ringer.play("");
    await this.ringer.beep();
    if (this.line(id)?.state === "ringing") await this.answer(id);
  }

  hangUp(id) {
    this.line(id)?.hangUp();
  }

  // A line may end in the moment in which a button of it is pressed: there is nothing to do then, and
  // nobody to hand over.
  async hold(id, on) {
    await this.line(id)?.hold(on);
  }

  mute(id, on) {
    this.line(id)?.mute(on);
  }

  dtmf(id, key) {
    this.line(id)?.dtmf(key);
  }

  async transfer(id, to) {
    await this.upLine(id).refer(`sip:${to}@${this.settings.domain}`);
  }

  async join(id, otherId) {
    await this.upLine(id).refer("", this.upLine(otherId));
  }

  upLine(id) {
    const line = this.line(id);
    if (!line) throw new Error("gone");
    return line;
  }

  async use(devices) {
    const microphone = devices.microphone !== this.devices.microphone;
    this.devices = devices;
    await this.ringer.use(devices.ringer);
    for (const line of this.lines) {
      await line.speakThrough(devices.speaker);
      if (microphone && line.state === "up") await line.replaceMicrophone(devices.microphone);
    }
  }

  testRing() {
    this.ringer.play("ring");
    setTimeout(() => this.ringer.play(this.sound()), 2500);
  }

  // For tests and for who looks for a fault: packets of a line, both ways.
  async figures(id) {
    await this.line(id)?.measure();
    return this.line(id)?.figures || null;
  }
}

globalThis.callcenterPhone = {
  make: (settings, devices, sign, tell) => (globalThis.callcenterPhone.current = new Phone(settings, devices, sign, tell)),
  openMicrophone,
  closeStream,
  levelOf,
  listDevices,
};
