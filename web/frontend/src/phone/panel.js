// The phone's own dialog, and the chip in the bar that opens it: on and off, what is wrong, devices,
// level and tests.
import { $, h, icon, toast } from "../dom.js";
import { control } from "../callControl.js";
import { t } from "../i18n.js";
import { chosenDevices } from "./devices.js";
import { dialog, show } from "./dialogs.js";
import { faultWords } from "./faults.js";
import { engineNow, phone, registerAgain, switchOff, switchOn, tools, useDevices, watchPhone } from "./softPhone.js";

const LOOKS = {
  off: () => ["calm", "phone", t("Desk phone")],
  starting: () => ["warn", "loader", t("Phone: connecting")],
  connecting: () => ["warn", "loader", t("Phone: connecting")],
  ready: () => ["ok", "headset", t("Phone: ready")],
  elsewhere: () => ["warn", "headset-off", t("Phone: elsewhere")],
  fault: () => ["bad", "alert-triangle", t("Phone: fault")],
};
let meter = null;

export function startPanel() {
  watchPhone(() => document.getElementById("phone-panel")?.open && fill());
}

export function phoneChip(button) {
  const { status, fault } = phone();
  if (!LOOKS[status]) return "";
  const [tone, iconName, word] = LOOKS[status]();
  const chip = button("phone", iconName, word, openPanel, "", `chip tone-${tone} phone-chip`);
  chip.title = fault ? faultWords(fault) : word;
  return chip;
}

export function openPanel() {
  const box = dialog("phone-panel", t("Phone in the browser"), h("div", { class: "phone-body" }));
  box.addEventListener("close", stopMeter);
  fill();
  show(box);
}

function fill() {
  const { status, fault } = phone();
  const focus = document.activeElement?.id;
  $("#phone-panel .phone-body").replaceChildren(...[
    h("p", { class: "phone-state", role: "status" }, fault ? faultWords(fault) : words(status)),
    h("div", { class: "btn-row" }, switches(status, fault)),
    status === "ready" ? devicesBox() : null,
    status === "ready" ? testsBox() : null,
  ].filter(Boolean));
  if (focus) document.getElementById(focus)?.focus();
}

function words(status) {
  if (status === "ready") return t("Your calls ring here, in this tab.");
  if (status === "off") return t("Your calls ring on your desk phone. Switch the browser’s phone on to take them here, with a headset.");
  return t("Connecting to the PBX…");
}

function switches(status, fault) {
  const button = (id, look, iconName, word, press) => h("button", { type: "button", id, class: `btn ${look}`, onclick: press }, icon(iconName), word);
  if (status === "off") return [button("phone-on", "btn-primary", "headset", t("Switch on"), () => switchOn())];
  const off = button("phone-off", "", "phone", t("Use the desk phone"), () => switchOff().catch((problem) => toast(problem.message, "bad")));
  if (status === "elsewhere") return [button("phone-over", "btn-primary", "headset", t("Use it here"), () => switchOn({ over: true })), off];
  if (status === "fault" && engineNow()) return [button("phone-again", "btn-primary", "refresh", t("Try again"), registerAgain), off];
  if (status === "fault") return [button("phone-again", "btn-primary", "refresh", t("Try again"), () => switchOn()), fault === "blocked" ? null : off];
  return [off];
}

function devicesBox() {
  const box = h("div", { class: "phone-devices" });
  tools().listDevices().then(({ microphones, speakers }) => {
    const lists = [["microphone", t("Microphone"), microphones], ["speaker", t("Speaker"), speakers], ["ringer", t("Ringing"), speakers]];
    box.replaceChildren(...lists.map(([name, word, list]) => choice(name, word, list)));
  });
  return box;
}

function choice(name, word, list) {
  const chosen = chosenDevices()[name];
  const options = [{ id: "", label: t("As the system has it") }, ...list.filter((one) => one.id !== "default")];
  const select = h("select", { class: "form-select", id: `phone-${name}`, onchange: () => useDevices({ ...chosenDevices(), [name]: select.value }) },
    options.map((one, at) => h("option", { value: one.id, selected: one.id === chosen }, one.label || `${word} ${at}`)));
  return h("div", { class: "field" }, h("label", { for: `phone-${name}` }, word), select);
}

function testsBox() {
  const level = h("meter", { min: "0", max: "1", high: "0.9", value: "0", "aria-label": t("How loud your microphone is") });
  return h("div", { class: "btn-row phone-tests" },
    h("button", { type: "button", class: "btn", onclick: () => startMeter(level) }, icon("microphone"), t("Test the microphone")), level,
    h("button", { type: "button", class: "btn", onclick: () => engineNow().testRing() }, icon("bell-ringing"), t("Test the ringing")),
    h("button", { type: "button", class: "btn", id: "phone-echo", onclick: () => control.dial("600") }, icon("refresh"), t("Hear yourself (600)")));
}

async function startMeter(level) {
  stopMeter();
  try {
    const stream = await tools().openMicrophone(chosenDevices().microphone);
    const reader = tools().levelOf(stream);
    const timer = setInterval(() => (level.value = reader.read()), 80);
    meter = () => {
      clearInterval(timer);
      reader.stop();
      tools().closeStream(stream);
    };
  } catch (problem) {
    toast(faultWords(problem.code), "bad");
  }
}

function stopMeter() {
  meter?.();
  meter = null;
}
