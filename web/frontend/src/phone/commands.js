// Wishes to the PBX, each with its answer: the server takes the wish at once, what the PBX made of it
// comes over the socket, and silence is an answer too.
import { toast } from "../dom.js";
import { t } from "../i18n.js";
import { hear } from "../realtime.js";
import { post } from "../server.js";
import { causeWords } from "./faults.js";

const PATIENCE = 6000;
const waiting = new Map();
const underWay = new Set();
const done = new Set();

export const newId = () => crypto.randomUUID?.() || Array.from({ length: 4 }, () => Math.random().toString(36).slice(2, 8)).join("-");

export function startCommands() {
  hear("message", (said) => {
    if (said.type !== "command") return;
    if (waiting.has(said.id)) waiting.get(said.id)(said);
    else if (done.delete(said.id) && !said.ok) cameToNothing(said);
  });
}

// It began well and came to nothing: the colleague who was asked is busy, and the caller is back.
function cameToNothing(said) {
  toast(causeWords(said.why), "bad");
  document.dispatchEvent(new CustomEvent("command:failed", { detail: said }));
}

// The PBX's detail; throws an error with words. The same wish again, while one is under way, is none.
// `taken` is called when the server has let the wish through, before the PBX has answered.
export async function command(path, values, id = newId(), patience = PATIENCE, taken = () => {}) {
  const wish = `${path} ${JSON.stringify(values)}`;
  if (underWay.has(wish)) return null;
  underWay.add(wish);
  try {
    const answer = answerTo(id, patience);
    await Promise.race([post(path, { ...values, id }).then(taken).then(() => answer), answer.then((said) => said)]);
    const said = await answer;
    if (said.ok) done.add(id);
    if (said.ok) return said.detail || "";
    throw Object.assign(new Error(causeWords(said.why)), { code: said.why });
  } finally {
    underWay.delete(wish);
    waiting.delete(id);
  }
}

function answerTo(id, patience) {
  const answer = new Promise((done, fail) => {
    waiting.set(id, done);
    setTimeout(() => fail(new Error(t("The PBX did not answer."))), patience);
  });
  answer.catch(() => {}); // the wish itself may be refused first
  return answer;
}
