// The web socket of the phone: as JsSIP's own, except that a request with credentials is signed by
// the server before it leaves.
import WebSocketInterface from "jssip/lib/WebSocketInterface.js";
import { refusal, signed, toSign } from "./signing.js";

export class SigningSocket extends WebSocketInterface {
  // sign(fields) → the response; throws an error with a `code`, and `gone` when nobody answered.
  constructor(url, sign) {
    super(url);
    this.sign = sign;
  }

  // Begin anew: whoever uses this socket connects again by itself.
  drop() {
    this._ws?.close();
  }

  send(message) {
    const fields = toSign(message);
    if (!fields) return super.send(message);
    if (!this.isConnected()) return false;
    const socket = this._ws;
    this.sign(fields).then(
      (response) => socket === this._ws && super.send(signed(message, response)),
      (problem) => this.ondata?.(refusal(message, problem.gone ? 503 : 403, `callcenter ${problem.code || "refused"}`)),
    );
    return true;
  }
}
