// The service worker: shows notifications and brings the right page forward; when the server cannot
// be reached, says so. It keeps that one page and its style, and nothing of anybody's data.
const PAGE = "/offline";
const STORE = "offline-1";

self.addEventListener("install", (event) => event.waitUntil(keep().then(() => self.skipWaiting())));
self.addEventListener("activate", (event) => event.waitUntil(forgetOld().then(() => self.clients.claim())));

async function keep() {
  const store = await caches.open(STORE);
  const page = await fetch(PAGE, { cache: "reload", credentials: "same-origin" });
  if (!page.ok) throw new Error("no page to keep");
  const text = await page.clone().text();
  const files = [...text.matchAll(/(?:href|src)="(\/static\/dist\/[^"]+)"/g)].map((found) => found[1]);
  await store.addAll(files);
  await store.put(PAGE, page);
}

async function forgetOld() {
  for (const name of await caches.keys()) if (name !== STORE) await caches.delete(name);
}

self.addEventListener("fetch", (event) => {
  if (event.request.mode === "navigate") event.respondWith(fetch(event.request).catch(() => kept(PAGE)));
  else if (new URL(event.request.url).pathname.startsWith("/static/dist/")) {
    event.respondWith(fetch(event.request).catch(() => kept(event.request)));
  }
});

const kept = async (what) => (await caches.match(what)) || Response.error();

self.addEventListener("message", (event) => {
  const { type, tag } = event.data || {};
  if (type === "show") event.waitUntil(show(event.data, event.source));
  if (type === "close") event.waitUntil(close(tag));
});

// The tab that asks is hidden; another one that somebody looks at shows it itself.
async function show({ tag, title, body, url, stays }, asker) {
  const tabs = await self.clients.matchAll({ type: "window" });
  if (tabs.some((tab) => tab.id !== asker.id && tab.visibilityState === "visible")) return;
  await self.registration.showNotification(title, { tag, body, data: { url }, requireInteraction: stays });
}

async function close(tag) {
  for (const one of await self.registration.getNotifications({ tag })) one.close();
}

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(bringForward(event.notification.data?.url || "/desk"));
});

async function bringForward(url) {
  const [tab] = await self.clients.matchAll({ type: "window" });
  if (!tab) return self.clients.openWindow(url);
  tab.postMessage({ type: "go", url });
  return tab.focus();
}
