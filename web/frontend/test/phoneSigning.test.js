// What the phone sends: only requests with credentials are signed, and nothing else of them changes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { refusal, signed, toSign } from "../src/phone/signing.js";

const head = "REGISTER sip:pbx.example SIP/2.0\r\nVia: SIP/2.0/WSS a.invalid;branch=z9hG4bK1\r\nTo: <sip:web1001@pbx.example>\r\nFrom: <sip:web1001@pbx.example>;tag=x\r\nCall-ID: abc\r\nCSeq: 2 REGISTER\r\n";
const header = 'Authorization: Digest algorithm=MD5, username="web1001", realm="asterisk", nonce="17/a=b,c", uri="sip:pbx.example", response="false", opaque="", qop=auth, cnonce="q1", nc=00000001\r\n';
const tail = "Content-Length: 0\r\n\r\n";

test("a request without credentials goes out as it is", () => assert.equal(toSign(head + tail), null));

test("the server is asked with what the challenge was", () => {
  assert.deepEqual(toSign(head + header + tail), {
    method: "REGISTER", username: "web1001", realm: "asterisk", nonce: "17/a=b,c", uri: "sip:pbx.example",
    algorithm: "MD5", qop: "auth", cnonce: "q1", nc: "00000001",
  });
});

test("the response alone changes", () => {
  assert.equal(signed(head + header + tail, "right"), head + header.replace("false", "right") + tail);
});

test("what may not be sent is answered as the PBX would", () => {
  const answer = refusal(head + header + tail, 403, "callcenter elsewhere");
  assert.match(answer, /^SIP\/2\.0 403 callcenter elsewhere\r\n/);
  assert.match(answer, /branch=z9hG4bK1\r\n/);
  assert.match(answer, /To: <sip:web1001@pbx.example>;tag=here\r\n/);
  assert.doesNotMatch(answer, /Authorization/);
});
