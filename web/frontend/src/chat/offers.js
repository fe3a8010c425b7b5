// Chats that I am asked to take: they stand on the screen like a ringing call, with sound and
// notification, until I answer, somebody else does, or their time is up.
import { action, drawAlerts } from "../alerts.js";
import { t } from "../i18n.js";
import { onKey } from "../keyboard.js";
import { notify, unnotify } from "../notify.js";
import { current, watch } from "../realtime.js";
import { post } from "../server.js";
import { chime } from "../sound.js";
import { toast } from "../dom.js";

const RINGS_EVERY = 5000;
const rung = new Map();

export const whoOf = (chat) => chat.customer?.display_name || chat.visitor || t("Visitor");

export const offersIn = (state) => Object.values(state.chats).filter((chat) => chat.state === "offered").sort((a, b) => Date.parse(a.offered_at) - Date.parse(b.offered_at));

const first = () => offersIn(current().state)[0];

// taken(id): a chat that was offered here is mine now.
export function startOffers(taken) {
  const accept = (chat) => answer(chat, "accept").then((done) => done && taken(chat.id));
  onKey("a", first, () => accept(first()), t("Take the chat that is offered"), { icon: "messages" });
  onKey("x", first, () => answer(first(), "decline"), t("Decline the chat that is offered"), { icon: "circle-x" });
  watch(["chats"], (state) => {
    if (state.ready) draw(offersIn(state), accept);
  });
}

async function answer(chat, step) {
  try {
    await post(`/chats/${chat.id}/${step}`, {});
    return true;
  } catch (problem) {
    toast(problem.message, "bad");
    return false;
  }
}

function draw(offers, accept) {
  drawAlerts("chat", offers.map((chat) => ({
    key: chat.id,
    tone: "ringing",
    icon: "messages",
    title: chat.handed_by ? t("{name} hands you a chat: {who}", { name: chat.handed_by, who: whoOf(chat) }) : t("Chat: {who}", { who: whoOf(chat) }),
    text: chat.last_text,
    actions: () => [action(t("Take it"), () => accept(chat), "btn btn-primary"), action(t("Decline"), () => answer(chat, "decline"))],
  })));
  const now = new Set(offers.map(ringOf));
  for (const chat of offers) if (!rung.has(ringOf(chat))) ring(chat);
  for (const [key, { timer, id }] of rung) {
    if (now.has(key)) continue;
    clearInterval(timer);
    rung.delete(key);
    unnotify(`chat-${id}`);
  }
}

const ringOf = (chat) => `${chat.id}-${chat.offered_at}`;

function ring(chat) {
  chime(740);
  rung.set(ringOf(chat), { id: chat.id, timer: setInterval(() => chime(740), RINGS_EVERY) });
  notify({ tag: `chat-${chat.id}`, title: t("A chat for you"), body: whoOf(chat), secret: true, stays: true });
}
