// Lists of work: a button or a form of a row says which step is made with it. The list reads itself
// anew by the news that follows (tasks.js).
import { closeMenuOf } from "./menu.js";
import { post } from "./server.js";
import { toast } from "./dom.js";

export function startWork() {
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-work][data-step]");
    if (button) step(button, button.dataset, {});
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-work]");
    if (!form) return;
    event.preventDefault();
    const { instead } = event.submitter?.dataset || {};
    step(form, { ...form.dataset, ...(instead && { step: instead }) }, Object.fromEntries(new FormData(form)));
  });
}

async function step(from, { work, step: made }, values) {
  try {
    await post(`${work}/${made}`, values);
    closeMenuOf(from);
  } catch (problem) {
    toast(problem.message, "bad");
  }
}
