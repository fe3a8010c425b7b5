import assert from "node:assert/strict";
import { test } from "node:test";

// The page around the module: no document is needed for what is tested here.
let reloads = 0;
let answers = [];
globalThis.document = { getElementById: () => null, documentElement: { lang: "en" }, querySelector: () => ({ content: "token" }) };
globalThis.location = { reload: () => (reloads += 1) };
globalThis.fetch = () => new Promise((resolve, reject) => answers.push({ resolve, reject }));
const { beforeLeaving, leave, post, untakenAt } = await import("../src/server.js");

const OVER = { ok: false, status: 401, json: async () => ({}) };
const DONE = { ok: true, status: 204 };
const turn = () => new Promise((done) => setImmediate(done));

function asked(url, ...texts) {
  answers = [];
  return texts.map((text) => post(url, { text }).catch(() => {}));
}

test("what an address did not take is known while it is under way and after the session is over", async () => {
  const [sent] = asked("/note", "Wants two");
  assert.deepEqual(untakenAt("/note"), { text: "Wants two" });
  answers[0].resolve(OVER);
  await sent;
  assert.deepEqual(untakenAt("/note"), { text: "Wants two" });
  const [again] = asked("/note", "Wants two");
  answers[0].resolve(DONE);
  await again;
  assert.equal(untakenAt("/note"), undefined);
});

test("the last that was sent counts, in whatever order the answers come", async () => {
  const both = asked("/note", "Wants", "Wants two");
  answers[1].resolve(OVER);
  answers[0].resolve(OVER);
  await Promise.all(both);
  assert.deepEqual(untakenAt("/note"), { text: "Wants two" });
});

test("what a server that is away did not take is tried again by who sent it", async () => {
  const [sent] = asked("/draft", "x");
  answers[0].reject(new Error("away"));
  await sent;
  assert.equal(untakenAt("/draft"), undefined);
});

test("the page is left once what is typed was put aside, or when that takes too long", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let put;
  beforeLeaving(() => new Promise((done) => (put = done)));
  leave();
  leave();
  await turn();
  assert.equal(reloads, 0);
  put();
  await turn();
  assert.equal(reloads, 1);
  context.mock.timers.tick(60_000);
  leave();
  context.mock.timers.tick(3000);
  await turn();
  assert.equal(reloads, 2);
});
