// Calls that are lifted without a press, each after a beep and with words: one's own click-to-call, the
// caller who is brought back, and queues that are set so.
import { announce, toast } from "../dom.js";
import { isOwnClick, items } from "../callControl.js";
import { t } from "../i18n.js";
import { watch } from "../realtime.js";
import { engineNow, onRinging, watchPhone } from "./softPhone.js";

const EXPECTED = 15000;
const done = new Set();
let expectedUntil = 0;

export const expectCaller = () => (expectedUntil = Date.now() + EXPECTED);

export function startAutoAnswer() {
  onRinging((line) => {
    if (line.click && isOwnClick(line.click)) lift(line.id, "");
    else if (Date.now() < expectedUntil) {
      expectedUntil = 0;
      lift(line.id, t("The caller is back."));
    }
  });
  watch(["mine", "agent"], byQueue);
  watchPhone(byQueue);
}

// Which queue it is, the server says; it may say so before or after the phone rings.
function byQueue() {
  const item = items().find((one) => one.status === "ringing" && one.line && one.pop?.auto_answer && !done.has(one.line.id));
  if (item && !items().some((one) => one.status === "talking")) lift(item.line.id, t("Answered by itself: queue {queue}", { queue: item.pop.queue_title || item.pop.queue }));
}

async function lift(id, words) {
  if (done.has(id)) return;
  done.add(id);
  try {
    await engineNow().autoAnswer(id);
    if (words) toast(words, "calm");
    if (words) announce(words);
  } catch {
    toast(t("The call could not be answered by itself: look at your microphone, then press Answer."), "bad");
  }
}
