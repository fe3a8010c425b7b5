// Translations for what scripts say. The page carries the catalogue of its language; a message
// with plural forms is a list in the order of the language's gettext rule.
const holder = document.getElementById("strings");
const catalog = holder ? JSON.parse(holder.textContent) : {};
export const locale = document.documentElement.lang || "en";

export function t(message, values = {}) {
  return fill(catalog[message] || message, values);
}

export function tn(one, many, count, values = {}) {
  const forms = catalog[one];
  const text = Array.isArray(forms) && forms.length ? forms[pluralIndex(locale, count, forms.length)] : count === 1 ? one : many;
  return fill(text, { count, ...values });
}

// gettext's order of forms (one, few, many) for the languages we have.
export function pluralIndex(language, count, forms) {
  const order = ["one", "few", "many", "other"];
  const category = new Intl.PluralRules(language).select(count);
  const index = order.indexOf(category);
  return Math.min(index === 3 ? forms - 1 : index, forms - 1);
}

function fill(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}
