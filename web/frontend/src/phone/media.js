// The microphone, where sound goes, and how loud somebody speaks.
const WHY = { NotAllowedError: "permission", SecurityError: "permission", NotFoundError: "no_microphone", OverconstrainedError: "no_microphone", NotReadableError: "microphone_busy" };

export class MediaFault extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

// The chosen microphone, or any when that one is not there any more. Throws a MediaFault.
export async function openMicrophone(device) {
  if (!navigator.mediaDevices?.getUserMedia) throw new MediaFault("insecure");
  const wanted = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
  try {
    return await navigator.mediaDevices.getUserMedia({ audio: device ? { ...wanted, deviceId: { exact: device } } : wanted });
  } catch (problem) {
    if (device && problem.name !== "NotAllowedError") return openMicrophone("");
    throw new MediaFault(WHY[problem.name] || "no_microphone");
  }
}

export function closeStream(stream) {
  for (const track of stream?.getTracks() || []) track.stop();
}

export async function listDevices() {
  const every = await (navigator.mediaDevices?.enumerateDevices?.() ?? []);
  const of = (kind) => every.filter((one) => one.kind === kind && one.deviceId).map((one) => ({ id: one.deviceId, label: one.label }));
  return { microphones: of("audioinput"), speakers: of("audiooutput") };
}

// read() → 0 … 1; stop() lets go of it.
export function levelOf(stream) {
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  analyser.fftSize = 512;
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  return {
    read() {
      analyser.getFloatTimeDomainData(samples);
      const power = Math.sqrt(samples.reduce((sum, one) => sum + one * one, 0) / samples.length);
      return Math.min(1, power * 5);
    },
    stop: () => context.close(),
  };
}
