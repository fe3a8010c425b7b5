// What the visitor's page says to the server and hears from it. It survives sleep, reloads and lost
// lines: what was written waits here until the server has it, each under an id of its own, so that
// it arrives once; news are asked for since the last message that is here.
const RETRY = [1000, 2000, 4000, 8000, 15000];
const TYPING_EVERY = 3000;
const PATIENCE = 35000;

export const newId = () => [...crypto.getRandomValues(new Uint8Array(12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// Some browsers keep nothing for frames: then it is kept as long as the page.
function keeper(key) {
  let kept = {};
  try {
    kept = JSON.parse(localStorage.getItem(key)) || {};
  } catch {
    kept = {};
  }
  return {
    get: (name) => kept[name],
    set(values) {
      kept = { ...kept, ...values };
      try {
        localStorage.setItem(key, JSON.stringify(kept));
      } catch {
        // kept in this page alone
      }
    },
  };
}

export class Link {
  constructor(key, language, changed) {
    Object.assign(this, { key, language, changed, base: `/chat/${key}`, last: 0, version: "", failures: 0, typed: 0 });
    this.store = keeper(`callcenter-chat:${key}`);
    this.view = { state: "unknown", operator: "", ahead: 0, reachable: false, typing: false };
    this.messages = [];
    this.waiting = this.store.get("waiting") || [];
    this.lost = false;
    this.off = false;
    this.polling = false;
    this.flushing = false;
    for (const event of ["online", "focus"]) window.addEventListener(event, () => this.kick());
    document.addEventListener("visibilitychange", () => document.hidden || this.kick());
  }

  get known() {
    return Boolean(this.store.get("token"));
  }

  // A visitor who was here before goes on where they were.
  async start() {
    if (!this.known) await this.getToken();
    this.flush();
    await this.listen();
  }

  async getToken() {
    const answer = await this.ask("/visits", { method: "POST", body: "{}" }, false);
    if (answer.ok) this.store.set({ token: (await answer.json()).token });
  }

  async ask(path, options = {}, named = true) {
    const headers = { "Accept-Language": this.language, ...(options.headers || {}) };
    if (typeof options.body === "string") headers["Content-Type"] = "application/json";
    if (named) headers.Authorization = `Bearer ${this.store.get("token")}`;
    const answer = await fetch(this.base + path, { ...options, headers, credentials: "omit", cache: "no-store" });
    if (answer.status === 401 && named) this.store.set({ token: "" });
    if (answer.status === 404 || answer.status === 403) this.off = true;
    return answer;
  }

  // --- news ---------------------------------------------------------------------------------------

  async listen() {
    if (this.polling) return;
    this.polling = true;
    while (!this.off) {
      const again = await this.hearOnce();
      if (again === null) break;
      if (again) await this.pause(again);
    }
    this.polling = false;
    this.changed();
  }

  // How long to wait before the next time; null: there is nothing to wait for.
  async hearOnce() {
    const cancel = new AbortController();
    this.cancel = cancel;
    const timer = setTimeout(() => cancel.abort(), PATIENCE); // a line that died while it slept
    try {
      if (!this.known) await this.getToken();
      const wait = this.version ? "&wait=1" : "";
      const answer = await this.ask(`/messages?after=${this.last}&version=${this.version}${wait}`, { signal: this.cancel.signal });
      if (!answer.ok) return this.failed(Number(answer.headers.get("Retry-After")) * 1000);
      this.take(await answer.json());
      return this.goesOn() ? this.retry : null;
    } catch (problem) {
      return problem.name === "AbortError" ? 1 : this.failed();
    } finally {
      clearTimeout(timer);
    }
  }

  take({ messages, version, retry, ...view }) {
    [this.failures, this.lost, this.version, this.view, this.retry] = [0, false, version, view, retry * 1000];
    const had = new Set(this.messages.map((one) => one.id));
    const fresh = messages.filter((one) => !had.has(one.id));
    this.messages.push(...fresh);
    this.last = Math.max(this.last, ...this.messages.map((one) => one.id));
    const here = new Set(this.messages.map((one) => one.client_id));
    this.keepWaiting(this.waiting.filter((one) => !here.has(one.client_id)));
    this.changed(fresh);
  }

  goesOn() {
    return ["waiting", "open"].includes(this.view.state) || (this.view.state === "nobody" && this.messages.length > 0);
  }

  failed(after = 0) {
    this.failures += 1;
    this.lost = this.failures > 1;
    this.changed();
    return after || RETRY[Math.min(this.failures, RETRY.length) - 1];
  }

  pause(time) {
    return new Promise((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, time);
    });
  }

  // Back from sleep, or on line again: ask at once.
  kick() {
    this.wake?.();
    if (this.polling && this.lost) this.cancel?.abort();
    if (!this.polling && this.goesOn()) this.listen();
    this.flush();
  }

  // --- what is written ------------------------------------------------------------------------------

  say(text, facts) {
    this.keepWaiting([...this.waiting, { client_id: newId(), text, facts }]);
    this.changed();
    return this.flush();
  }

  keepWaiting(items) {
    this.waiting = items;
    this.store.set({ waiting: items });
  }

  async flush() {
    if (this.flushing) return;
    this.flushing = true;
    let item;
    while ((item = this.waiting.find((one) => !one.sent && !one.refused)) && !this.off) {
      const again = await this.sendOne(item);
      if (again) await this.pause(again);
    }
    this.flushing = false;
  }

  async sendOne(item) {
    try {
      if (!this.known) await this.getToken();
      const { client_id, text, facts } = item;
      const answer = await this.ask("/messages", { method: "POST", body: JSON.stringify({ ...facts, client_id, text }) });
      if (answer.ok) this.sent(item);
      else if ([400, 409, 413, 422].includes(answer.status)) await this.refused(item, answer);
      else return this.failed(Number(answer.headers.get("Retry-After")) * 1000);
    } catch {
      return this.failed();
    }
    return 0;
  }

  sent(item) {
    item.sent = true;
    this.keepWaiting(this.waiting);
    this.changed();
    if (this.polling) this.wake?.();
    else this.listen();
  }

  async refused(item, answer) {
    item.refused = (await answer.json().catch(() => ({}))).message || "?";
    this.changed();
  }

  forget(item) {
    this.keepWaiting(this.waiting.filter((one) => one !== item));
    this.changed();
  }

  // --- the rest -------------------------------------------------------------------------------------

  async post(path, body) {
    const answer = await this.ask(path, { method: "POST", body: JSON.stringify(body) });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message || "");
    this.kick();
    if (!this.polling) await this.listen();
  }

  types() {
    if (this.view.state !== "open" || Date.now() - this.typed < TYPING_EVERY) return;
    this.typed = Date.now();
    this.ask("/typing", { method: "POST", body: "{}" }).catch(() => {});
  }

  async sendFile(file) {
    const body = new FormData();
    body.append("client_id", newId());
    body.append("file", file);
    const answer = await this.ask("/files", { method: "POST", body });
    if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).message || "");
    this.kick();
  }

  async fetchFile(id) {
    const answer = await this.ask(`/files/${id}`);
    if (!answer.ok) throw new Error("");
    return answer.blob();
  }
}
