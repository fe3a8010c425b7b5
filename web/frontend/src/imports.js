// Files on their way in: one that is too large is refused before it travels, and sending one shows.
// Changes of what its columns mean reach the server in their order: given up half-way, the older one
// might be kept last.
import { t } from "./i18n.js";

export function startImports() {
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-upload] input[type=file]")) check(event.target);
  });
  document.addEventListener("change", ({ target }) => {
    const form = target.closest("[data-in-turn]");
    if (form?.classList.contains("htmx-request")) form.dataset.newer = "yes";
  }, true); // before the form sends it
  document.addEventListener("htmx:beforeRequest", ({ target }) => delete target.dataset.newer);
  document.addEventListener("submit", afterTheChange, true);
  document.addEventListener("htmx:beforeSwap", (event) => {
    // A newer change waits its turn: an answer to the one before would put the old value in its place.
    if (event.detail.requestConfig?.elt.dataset.newer) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:xhr:progress", ({ target, detail }) => {
    const bar = target.closest?.("[data-upload]")?.querySelector("progress");
    if (!bar || !detail.lengthComputable) return;
    bar.hidden = false;
    bar.value = Math.round((100 * detail.loaded) / detail.total);
  });
}

// What is tried out or imported is what the page shows: the change before it is kept first.
function afterTheChange(event) {
  const changing = document.querySelector("[data-in-turn].htmx-request");
  if (!changing || event.target === changing) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  const { target, submitter } = event;
  changing.addEventListener("htmx:afterRequest", () => setTimeout(() => target.requestSubmit(submitter)), { once: true });
}

function check(input) {
  const form = input.closest("[data-upload]");
  const limit = Number(form.dataset.limitMb);
  const size = input.files[0]?.size ?? 0;
  const words = size > limit * 1024 * 1024 ? t("This file is larger than the {limit} MB it may have.", { limit }) : "";
  input.setCustomValidity(words);
  const place = form.querySelector("[data-problem]");
  place.textContent = words;
  place.parentElement.hidden = !words;
}
