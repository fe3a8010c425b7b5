// The link of a board: it comes back by itself, whatever became of the line, the server or the tab.
const HEARTBEATS = 7000; // without a frame: one heartbeat and a bit
const ANSWER = 10000;
const AWAKE = 3000; // who slept may have slept for hours
const CLOCK_EVERY = 60000;
const SOON = 1000;
const BUSY = 3000;
const LATER = 60000; // whoever is refused for good may be let in again some day

// The reasons for which a server refuses a board until somebody changes something.
const FOR_GOOD = ["revoked", "full", "rests", "gone"];

export class Link {
  // frame(told); changed(): how it stands, "connecting", "up" or "down", or why it was `refused`;
  // clock(moment, roundTrip): what the server's clock says.
  constructor(socket, { frame, changed, clock = () => {} }) {
    Object.assign(this, { socket, frame, changed, clock });
    this.state = "connecting";
    this.refused = "";
    this.timer = null;
    this.asking = false;
    this.heard = this.measured = this.tried = performance.now();
    this.on = {
      wallboard: (told) => this.hear(told),
      connect: () => this.begin(),
      disconnect: (why) => this.lose(why),
      connect_error: (error) => this.fail(error),
    };
    for (const [name, act] of Object.entries(this.on)) socket.on(name, act);
  }

  begin() {
    this.heard = performance.now();
    this.ask();
  }

  leave() {
    clearTimeout(this.timer);
    this.left = true;
    for (const [name, act] of Object.entries(this.on)) this.socket.off(name, act);
    this.socket.disconnect();
  }

  hear(told) {
    this.heard = performance.now();
    this.set("up");
    this.frame(told);
  }

  set(state, refused = "") {
    if (this.state === state && this.refused === refused) return;
    [this.state, this.refused] = [state, refused];
    this.changed();
  }

  lose(why) {
    this.set("down", this.refused);
    // The server lets go of boards that are gone or that one may not see any more: it says which.
    if (why === "io server disconnect") this.again(SOON);
  }

  // A server that answers with a refusal is not asked again by itself; a line that is cut is.
  fail(error) {
    const answered = !this.socket.active;
    const refused = FOR_GOOD.includes(error.message) ? error.message : "";
    this.set("down", answered ? refused : this.refused);
    if (answered) this.again(refused ? LATER : BUSY);
  }

  again(wait) {
    clearTimeout(this.timer);
    this.tried = performance.now() + wait;
    this.timer = setTimeout(() => this.socket.connect(), wait);
  }

  // Every second.
  beat() {
    const at = performance.now();
    if (this.socket.connected) {
      if (at - this.heard > HEARTBEATS || at - this.measured > CLOCK_EVERY) this.ask();
    } else if (this.socket.active && this.socket.io.engine?.readyState === "open" && at - this.tried > 2 * ANSWER) {
      this.tried = at; // it was let in by nobody and refused by nobody
      this.socket.disconnect().connect();
    }
  }

  wake() {
    this.changed();
    if (this.socket.connected) this.ask(AWAKE);
    else if (!this.socket.active && this.timer) this.again(0);
  }

  // A link that died may look alive for long: one on which nothing comes any more is made anew. One
  // that answers tells the time, and the whole board where frames did not come.
  ask(patience = ANSWER) {
    if (this.asking) return;
    this.asking = true;
    const [sent, { id }] = [performance.now(), this.socket];
    this.socket.timeout(patience).emit("clock", (error, answer) => {
      this.asking = false;
      if (this.left || this.socket.id !== id) return;
      const at = performance.now();
      if (error && this.heard < sent) return this.socket.io.engine?.close();
      this.measured = at;
      if (!error && at - sent < patience) this.clock(answer.server_time, at - sent);
      if (at - this.heard > HEARTBEATS) this.socket.emit("again");
    });
  }
}
