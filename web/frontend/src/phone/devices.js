// Microphone, speaker and bell that were chosen: of this computer, so they stay in this browser.
const KEY = "phone-devices";
const NONE = { microphone: "", speaker: "", ringer: "" };

export function chosenDevices() {
  try {
    return { ...NONE, ...JSON.parse(localStorage.getItem(KEY)) };
  } catch {
    return NONE;
  }
}

export function chooseDevices(devices) {
  localStorage.setItem(KEY, JSON.stringify({ ...NONE, ...devices }));
}
