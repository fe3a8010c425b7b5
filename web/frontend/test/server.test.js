import assert from "node:assert/strict";
import { test } from "node:test";

// The page around the module: no document is needed for what is tested here.
let reloads = 0;
globalThis.document = { getElementById: () => null, documentElement: { lang: "en" } };
globalThis.location = { reload: () => (reloads += 1) };
globalThis.fetch = async () => ({ ok: false, status: 401 });
const { getPiece } = await import("../src/server.js");

test("several answers that the session is over lead to the log-in once", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  await Promise.allSettled([getPiece("/tasks/desk"), getPiece("/missed/desk")]);
  assert.equal(reloads, 1); // a second one would break off the first on its way
  context.mock.timers.tick(60_000);
  await assert.rejects(getPiece("/tasks/desk"));
  assert.equal(reloads, 2); // who was asked whether to leave a call, and stayed
});
