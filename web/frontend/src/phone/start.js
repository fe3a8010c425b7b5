// Starts what belongs to the phone; the bar that shows it is callbar.js.
import { startAutoAnswer } from "./autoAnswer.js";
import { startPanel } from "./panel.js";
import { startRejoin } from "./rejoin.js";
import { startSoftPhone } from "./softPhone.js";

export function startPhone() {
  startAutoAnswer();
  startPanel();
  startRejoin();
  startSoftPhone();
}
