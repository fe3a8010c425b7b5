// A SIP request that answers a challenge, as text: what to have signed, and where the response goes
// (pure). JsSIP works with a password that means nothing; the right response comes from the server.
const HEADER = /^(?:Proxy-)?Authorization: Digest (.*)$/im;

// The fields the server signs, or null for a message that needs no signature.
export function toSign(message) {
  const header = HEADER.exec(message);
  if (!header) return null;
  const method = message.slice(0, message.indexOf(" "));
  const fields = parameters(header[1]);
  const { username = "", realm = "", nonce = "", uri = "", algorithm = "MD5", qop = "", cnonce = "", nc = "" } = fields;
  return { method, username, realm, nonce, uri, algorithm, qop, cnonce, nc };
}

export function signed(message, response) {
  return message.replace(HEADER, (line) => line.replace(/response="[^"]*"/, `response="${response}"`));
}

function parameters(text) {
  const found = {};
  for (const [, name, quoted, bare] of text.matchAll(/(\w+)=(?:"([^"]*)"|([^\s,]+))/g)) found[name.toLowerCase()] = quoted ?? bare;
  return found;
}

// What the PBX would say to a request that we may not send: so the phone ends it in its usual way.
export function refusal(request, status, reason) {
  const copied = request.split("\r\n").filter((line) => /^(Via|From|To|Call-ID|CSeq):/i.test(line));
  const lines = copied.map((line) => (/^To:/i.test(line) && !/;tag=/.test(line) ? `${line};tag=here` : line));
  return [`SIP/2.0 ${status} ${reason}`, ...lines, "Content-Length: 0", "", ""].join("\r\n");
}
