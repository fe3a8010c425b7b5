// A player for one recording: wave, play and pause, seeking by pointer and keyboard, speed, and what
// happened in words. The sound is fetched when it is first played, never before.
import { h, icon } from "../dom.js";
import { t } from "../i18n.js";
import { Wave } from "./wave.js";

const SPEEDS = [0.75, 1, 1.25, 1.5, 2];
const STEPS = { ArrowLeft: -5, ArrowRight: 5, ArrowDown: -5, ArrowUp: 5, PageDown: -30, PageUp: 30 };
let sounding = null;

export function clock(seconds) {
  const whole = Math.max(0, Math.floor(seconds || 0));
  const pad = (value) => String(value).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  return minutes < 60 ? `${minutes}:${pad(whole % 60)}` : `${Math.floor(minutes / 60)}:${pad(minutes % 60)}:${pad(whole % 60)}`;
}

// The server counts one listening for each of these, however many pieces the browser asks for.
export function playingId() {
  return [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export class Player {
  constructor(root) {
    this.root = root;
    this.length = Number(root.dataset.seconds) || 0;
    this.position = 0;
    this.sound = new Audio();
    this.sound.preload = "none";
    this.build();
    this.follow();
    this.look();
  }

  build() {
    const download = this.root.querySelector("a");
    this.label = download.textContent;
    this.button = h("button", { type: "button", class: "btn btn-icon recording-play", onclick: () => this.toggle() });
    this.slider = h("div", {
      class: "recording-wave", role: "slider", tabindex: "0", "aria-label": t("Position in the recording"), "aria-valuemin": "0",
      onpointerdown: (event) => this.grab(event), onkeydown: (event) => this.key(event),
    });
    this.wave = new Wave(this.slider);
    this.clock = h("span", { class: "recording-clock tabular" });
    this.speed = h("select", { class: "form-select recording-speed", "aria-label": t("Speed"), onchange: () => this.setSpeed() },
      SPEEDS.map((speed) => h("option", { value: speed, selected: speed === 1 }, `${speed}×`)));
    this.words = h("ul", { class: "recording-words" });
    this.trouble = h("p", { class: "recording-trouble", role: "alert", hidden: true });
    download.className = "btn btn-plain btn-icon";
    download.setAttribute("aria-label", t("Download"));
    download.setAttribute("title", t("Download"));
    download.setAttribute("hx-boost", "false");
    download.replaceChildren(icon("download"));
    this.root.setAttribute("role", "group");
    this.root.setAttribute("aria-label", this.label);
    this.root.replaceChildren(h("div", { class: "recording-line" }, this.button, this.slider, this.clock, this.speed, download), this.words, this.trouble);
    this.draw();
  }

  follow() {
    const { sound } = this;
    const redraw = () => this.draw();
    for (const name of ["play", "pause"]) sound.addEventListener(name, redraw);
    sound.addEventListener("timeupdate", () => {
      if (sound.readyState) this.position = sound.currentTime;
      this.draw();
    });
    sound.addEventListener("loadedmetadata", () => {
      if (Number.isFinite(sound.duration)) this.length = sound.duration;
      sound.currentTime = this.position;
      this.setSpeed();
    });
    sound.addEventListener("ended", () => {
      this.position = 0;
      this.loaded = false;
      this.draw();
    });
    sound.addEventListener("error", () => this.fail(t("This recording cannot be played. Try again, or download it.")));
  }

  async look() {
    try {
      const answer = await fetch(this.root.dataset.peaks, { headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      const drawn = await answer.json();
      this.length = drawn.seconds || this.length;
      this.wave.show(drawn, this.length);
      this.say(drawn);
      this.draw();
    } catch {
      // without its picture it can still be heard
    }
  }

  say({ pauses, marks }) {
    const gap = ([from, until]) => ({ at: from, text: `${clock(from)}–${clock(until)} ${t("Paused for card data")}`, gap: true });
    const mark = ({ at, kind, who }) => ({ at, text: `${clock(at)} ${WORDS[kind](who)}` });
    const items = [...pauses.map(gap), ...marks.map(mark)].sort((a, b) => a.at - b.at);
    this.words.replaceChildren(...items.map((item) => h("li", { class: item.gap ? "recording-gap" : "" },
      h("button", { type: "button", class: "recording-place", onclick: () => this.seek(item.at) }, item.text))));
  }

  toggle() {
    if (this.sound.paused) this.play();
    else this.sound.pause();
  }

  async play() {
    if (sounding && sounding !== this) sounding.sound.pause();
    sounding = this;
    this.trouble.hidden = true;
    if (!this.loaded) {
      this.sound.src = `${this.root.dataset.recording}?playing=${playingId()}`;
      this.loaded = true;
    }
    try {
      await this.sound.play();
    } catch (error) {
      if (error.name === "NotAllowedError") this.fail(t("The browser lets sound begin by a click only. Press play."));
    }
  }

  seek(seconds) {
    this.position = Math.min(Math.max(0, seconds), this.length);
    if (this.loaded && this.sound.readyState) this.sound.currentTime = this.position;
    this.draw();
  }

  setSpeed() {
    this.sound.playbackRate = Number(this.speed.value);
  }

  grab(event) {
    if (event.button) return;
    const to = (pointer) => {
      const box = this.slider.getBoundingClientRect();
      this.seek(((pointer.clientX - box.left) / box.width) * this.length);
    };
    this.slider.setPointerCapture(event.pointerId);
    this.slider.onpointermove = to;
    this.slider.onpointerup = this.slider.onpointercancel = () => (this.slider.onpointermove = null);
    to(event);
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key === " " || event.key === "Enter") this.toggle();
    else if (event.key === "Home") this.seek(0);
    else if (event.key === "End") this.seek(this.length);
    else if (event.key in STEPS) this.seek(this.position + STEPS[event.key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  fail(words) {
    this.loaded = false;
    this.trouble.textContent = words;
    this.trouble.hidden = false;
    this.draw();
  }

  draw() {
    const playing = !this.sound.paused;
    if (this.button.dataset.playing !== String(playing)) {
      this.button.dataset.playing = playing;
      this.button.replaceChildren(icon(playing ? "player-pause" : "player-play"));
      this.button.setAttribute("aria-label", `${playing ? t("Pause") : t("Play")}: ${this.label}`);
    }
    const [now, all] = [clock(this.position), clock(this.length)];
    this.clock.textContent = `${now} / ${all}`;
    this.slider.setAttribute("aria-valuemax", Math.round(this.length));
    this.slider.setAttribute("aria-valuenow", Math.round(this.position));
    this.slider.setAttribute("aria-valuetext", t("{now} of {all}", { now, all }));
    this.wave.draw(this.length ? this.position / this.length : 0);
  }

  leave() {
    this.sound.pause();
    this.sound.removeAttribute("src");
    this.sound.load();
    this.wave.leave();
    if (sounding === this) sounding = null;
  }
}

const WORDS = {
  joined: (who) => t("{who} joins", { who }),
  left: (who) => t("{who} leaves", { who }),
  transfer: (who) => t("Transfer to {who}", { who }),
};
