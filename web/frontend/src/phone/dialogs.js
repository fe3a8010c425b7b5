// Small dialogs that scripts build: one of each name, made anew whenever it opens.
import { $, h, icon } from "../dom.js";
import { t } from "../i18n.js";

export function dialog(id, title, body) {
  document.getElementById(id)?.remove();
  const close = h("button", { type: "button", class: "btn btn-plain btn-icon", "aria-label": t("Close") }, icon("x"));
  const box = h("dialog", { id, class: "phone-dialog", "aria-labelledby": `${id}-title` },
    h("div", { class: "dialog-head" }, h("h2", { id: `${id}-title` }, title), close),
    h("div", { class: "dialog-body" }, body));
  close.addEventListener("click", () => box.close());
  box.addEventListener("click", (event) => event.target === box && box.close());
  document.body.append(box);
  return box;
}

export function show(box, focus = "") {
  if (!box.open) box.showModal();
  if (focus) $(focus, box)?.focus();
}
