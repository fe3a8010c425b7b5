// Charts are a bundle of their own, fetched with the first page that shows one: the desk never waits.
let asked = false;

export function mountCharts(root = document) {
  const place = root.querySelector?.("[data-chart]");
  if (!place) return;
  if (window.callcenterCharts) {
    window.callcenterCharts.mount(root);
    return;
  }
  if (asked) return; // it mounts everything that is there once it has come
  asked = true;
  document.addEventListener("charts:ready", () => window.callcenterCharts.mount(document), { once: true });
  const script = document.createElement("script");
  script.src = place.dataset.bundle;
  script.addEventListener("error", () => (asked = false)); // the table says it as well
  document.head.append(script);
}

// The filters of reports: a date of one's own is a period of one's own; a list closes when one goes on.
export function startReportFilters() {
  document.addEventListener("change", ({ target }) => {
    const [name, value] = target.dataset?.sets?.split("=") ?? [];
    if (name) target.form.elements[name].value = value;
  });
  document.addEventListener("click", ({ target }) => {
    for (const list of document.querySelectorAll("details[data-closes][open]")) if (!list.contains(target)) list.open = false;
  });
  document.addEventListener("keydown", (event) => {
    const list = event.key === "Escape" && event.target.closest?.("details[data-closes][open]");
    if (!list) return;
    list.open = false;
    list.querySelector("summary").focus();
  });
}
