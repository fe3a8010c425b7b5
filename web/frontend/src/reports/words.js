// Numbers as the table beside the chart writes them.
import { locale } from "../i18n.js";

const plain = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });

export function told(value, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return "–";
  if (unit === "percent") return `${plain.format(value)} %`;
  if (unit === "seconds") return clock(value);
  return plain.format(value);
}

function clock(seconds) {
  const whole = Math.round(seconds);
  const two = (number) => String(number).padStart(2, "0");
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  return hours ? `${hours}:${two(minutes)}:${two(whole % 60)}` : `${minutes}:${two(whole % 60)}`;
}
