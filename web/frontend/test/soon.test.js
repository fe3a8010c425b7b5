import assert from "node:assert/strict";
import { test } from "node:test";
import { soon } from "../src/soon.js";

const made = (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const page = { read: 0, wait: (time) => context.mock.timers.tick(time) };
  page.news = soon(() => (page.read += 1), 300, 2000);
  return page;
};

test("several pieces of news one after the other are read once", (context) => {
  const page = made(context);
  for (let at = 0; at < 5; at += 1) (page.news(), page.wait(100));
  assert.equal(page.read, 0);
  page.wait(200);
  assert.equal(page.read, 1);
  page.wait(10_000);
  assert.equal(page.read, 1);
});

test("under news without end a list is read every two seconds", (context) => {
  const page = made(context);
  for (let at = 0; at < 10_000; at += 100) (page.news(), page.wait(100));
  assert.equal(page.read, 5);
});

test("news after a while of silence are read as soon as the first", (context) => {
  const page = made(context);
  page.news();
  page.wait(5000);
  page.news();
  page.wait(300);
  assert.equal(page.read, 2);
});
