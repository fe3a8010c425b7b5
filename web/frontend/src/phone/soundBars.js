// Call quality as four bars, with words and figures on hover.
import { h } from "../dom.js";
import { t } from "../i18n.js";
import { bars } from "./mos.js";

const WORDS = [() => t("very poor sound"), () => t("poor sound"), () => t("fair sound"), () => t("good sound"), () => t("very good sound")];

export function soundBars({ mos, loss_percent: loss, jitter_ms: jitter, round_trip_ms: trip, codec }) {
  const count = bars(mos);
  const figures = t("MOS {mos}, loss {loss} %, jitter {jitter} ms, round trip {trip} ms, {codec}", {
    mos: mos.toFixed(1), loss: loss.toFixed(1), jitter: Math.round(jitter), trip: Math.round(trip), codec,
  });
  const text = `${WORDS[count]()} · ${figures}`;
  const marks = [1, 2, 3, 4].map((one) => h("i", { class: one <= count ? "on" : "" }));
  return h("span", { class: `sound-bars sound-${count}`, role: "img", "aria-label": text, title: text, tabindex: "0" }, marks);
}
