// Samples of a call's sound (pure but for getStats): the loss of each interval, not of the whole call,
// so that a bad minute shows.
import { mos } from "./mos.js";

export class Quality {
  constructor() {
    this.samples = [];
    this.before = { received: 0, lost: 0 };
  }

  // figures: {received, lost, jitter_ms, round_trip_ms, codec}, counted from the call's beginning.
  add({ received, lost, jitter_ms, round_trip_ms, codec }) {
    const [got, gone] = [received - this.before.received, Math.max(0, lost - this.before.lost)];
    this.before = { received, lost };
    if (got + gone <= 0) return null; // on hold: no sound is expected
    const sample = { loss_percent: (100 * gone) / (got + gone), jitter_ms, round_trip_ms, codec };
    sample.mos = mos(sample);
    this.samples.push(sample);
    return sample;
  }

  // What is stored of the whole call; null when there was nothing to measure.
  summary() {
    if (!this.samples.length) return null;
    const average = (name) => this.samples.reduce((sum, one) => sum + one[name], 0) / this.samples.length;
    const worst = this.samples.reduce((low, one) => (one.mos < low.mos ? one : low));
    const figures = { samples: this.samples.length, codec: this.samples.at(-1).codec };
    for (const name of ["loss_percent", "jitter_ms", "round_trip_ms"]) {
      figures[name] = round(average(name));
      figures[`worst_${name}`] = round(worst[name]);
    }
    return figures;
  }
}

const round = (value) => Math.round(value * 100) / 100;

export async function measure(connection) {
  const reports = [...(await connection.getStats()).values()];
  const inbound = reports.find((one) => one.type === "inbound-rtp" && one.kind === "audio");
  if (!inbound) return null;
  const outbound = reports.find((one) => one.type === "outbound-rtp" && one.kind === "audio");
  const heard = reports.find((one) => one.type === "remote-inbound-rtp");
  const pair = reports.find((one) => one.type === "candidate-pair" && one.nominated && one.state === "succeeded");
  const codec = reports.find((one) => one.id === inbound.codecId)?.mimeType?.replace("audio/", "") || "";
  return {
    received: inbound.packetsReceived || 0,
    lost: inbound.packetsLost || 0,
    sent: outbound?.packetsSent || 0,
    jitter_ms: 1000 * (inbound.jitter || 0),
    round_trip_ms: 1000 * (heard?.roundTripTime ?? pair?.currentRoundTripTime ?? 0),
    codec,
  };
}
