// What a screen shows, as a function of a snapshot and the events after it (pure).
// Old snapshot + events = new snapshot: tests run this file against the server's own snapshots.
//
// A snapshot's lists (calls, pops, queues, line, reminders, chats, supervision) are kept by id; an event carries one
// whole item. Each figure of `counts` is whole too; an event names those that changed. What passes
// by (the answer to a command) is no state: hear() of realtime.js hands it on.

export const empty = () => ({ agent: null, calls: {}, pops: {}, queues: {}, counts: {}, line: {}, reminders: {}, chats: {}, supervision: {}, alerts: {}, ready: false });

export function reduce(state, kind, payload, me) {
  if (kind === "snapshot") return fromSnapshot(payload);
  if (kind === "screen_pop") return withPop(state, payload);
  if (kind === "call") return withCall(state, payload.call, me);
  if (kind === "agent" && payload.user_id === me.id) return { ...state, agent: bare(payload) };
  if (kind === "queue") return { ...state, queues: { ...state.queues, [payload.queue]: bare(payload) } };
  if (kind === "task") return withTask(state, payload);
  if (kind === "message") return withMessage(state, payload, me);
  if (kind === "wallboard" && payload.type === "alert") return withAlert(state, payload.alert);
  return state;
}

function fromSnapshot(snapshot) {
  return {
    agent: snapshot.agent,
    calls: by("call_id", snapshot.calls),
    pops: by("call_id", snapshot.pops),
    queues: by("queue", snapshot.queues),
    counts: snapshot.counts || {},
    line: by("id", snapshot.line),
    reminders: by("id", snapshot.reminders),
    chats: by("id", snapshot.chats),
    supervision: by("id", snapshot.supervision),
    alerts: by("id", snapshot.alerts),
    ready: true,
  };
}

const by = (name, items) => Object.fromEntries((items || []).map((item) => [item[name], bare(item)]));

// {type: "line" | "help", message: {id, …, gone?}, counts?}
// {type: "conversation", conversation: {…}} | {type: "chat_gone", id}
function withMessage(state, { type, message, counts, conversation, id }, me) {
  if (type === "conversation" && conversation.channel === "chat") return withChat(state, conversation, me);
  if (type === "chat_gone") return { ...state, chats: withItem(state.chats, { id, gone: true }) };
  if (type === "supervision") return { ...state, supervision: withItem(state.supervision, message) };
  if (type !== "line" && type !== "help") return state;
  return { ...state, line: withItem(state.line, message), counts: { ...state.counts, ...counts } };
}

// {counts?, reminder: {id, …, gone?} | null}
function withTask(state, { counts, reminder }) {
  return { ...state, reminders: withItem(state.reminders, reminder), counts: { ...state.counts, ...counts } };
}

function withItem(items, item) {
  const next = { ...items };
  if (item?.gone) delete next[item.id];
  else if (item) next[item.id] = item;
  return next;
}

// One that is over leaves.
function withAlert(state, alert) {
  return { ...state, alerts: withItem(state.alerts, alert.closed_at ? { id: alert.id, gone: true } : alert) };
}

// The chats on my screen: those I have, and those I am asked to take.
function withChat(state, chat, me) {
  const mine = (chat.state === "open" && chat.assigned_to === me.id) || (chat.state === "offered" && chat.offered_to === me.id);
  return { ...state, chats: withItem(state.chats, mine ? chat : { id: chat.id, gone: true }) };
}

function withPop(state, pop) {
  const pops = { ...state.pops };
  if (pop.phase === "gone") delete pops[pop.call_id];
  else pops[pop.call_id] = bare(pop);
  return { ...state, pops };
}

// A call that proved to be part of another one takes its pop along.
function withCall(state, call, me) {
  const kept = call.live && concerns(call, me);
  const calls = kept || call.call_id in state.calls ? { ...state.calls } : state.calls;
  if (kept) calls[call.call_id] = bare(call);
  else if (calls !== state.calls) delete calls[call.call_id];
  const pops = call.merged_into && call.call_id in state.pops ? { ...state.pops } : state.pops;
  if (pops !== state.pops) delete pops[call.call_id];
  return calls === state.calls && pops === state.pops ? state : { ...state, calls, pops };
}

// An operator keeps the calls that their devices took part in; a supervisor keeps all of them.
function concerns(call, me) {
  return me.role !== "operator" || call.parties.some((party) => party.user_id === me.id);
}

function bare({ seq, chosen_by, ...rest }) {
  return rest;
}

// --- what to show of it --------------------------------------------------------------------

// The call an operator is on or being rung for: talking before ringing, the newest first.
export const currentCall = (state, me) => myCalls(state, me)[0] || null;

// All of them, in that order. Gathered once for each state, and the same list while none of them has
// changed: whoever leads hears of the calls of all others, too.
let known = { calls: null, pops: null, me: null, mine: [] };

export function myCalls(state, me) {
  const { calls, pops } = state;
  if (known.calls === calls && known.pops === pops && known.me === me) return known.mine;
  const mine = gathered(state, me);
  const same = mine.length === known.mine.length && mine.every((item, at) => isSame(item, known.mine[at]));
  known = { calls, pops, me, mine: same ? known.mine : mine };
  return known.mine;
}

const isSame = (one, other) => one.pop === other.pop && one.call === other.call;

function gathered(state, me) {
  const mine = [];
  for (const pop of Object.values(state.pops)) mine.push({ id: pop.call_id, phase: pop.phase, pop, call: state.calls[pop.call_id] });
  for (const call of Object.values(state.calls)) {
    const party = call.parties.find((one) => one.user_id === me.id && one.state !== "ended");
    if (party && !state.pops[call.call_id]) mine.push({ id: call.call_id, phase: party.state === "talking" ? "answered" : "ringing", pop: null, call });
  }
  return mine.sort((a, b) => rank(b) - rank(a) || startOf(b) - startOf(a));
}

const rank = (item) => (item.phase === "answered" ? 1 : 0);
const startOf = (item) => Date.parse(item.call?.started_at || item.pop?.waiting_since || 0);

export function partyOf(item, me) {
  return item.call?.parties.find((one) => one.user_id === me.id && one.state !== "ended") || null;
}

// The calls that a page of live calls was asked for: those of some queues (as JSON; none: all), those
// whom nobody speaks with yet.
export function callsAsked(state, { waiting, queues }) {
  const names = new Set(JSON.parse(queues || "[]"));
  const waits = (call) => call.direction === "inbound" && call.queue && call.state !== "talking";
  return Object.values(state.calls).filter((call) => (!names.size || names.has(call.queue)) && (!waiting || waits(call)));
}
