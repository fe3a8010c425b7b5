// Away from the desk: who is calling, in a small card above the call bar, so that the page under
// it stays as it is and nobody has to leave it to know.
import { h, hide, icon, revive } from "./dom.js";
import { t } from "./i18n.js";
import { drawNow, drawPop } from "./screenPop.js";
import { drawTicking } from "./time.js";

let dismissed = "";
let drawn = "";

export function drawPeek(item, choose) {
  const box = document.getElementById("peek");
  const wanted = item && item.id !== dismissed && !document.getElementById("desk");
  hide(box, !wanted);
  document.body.classList.toggle("with-peek", Boolean(wanted));
  const picture = wanted ? JSON.stringify(item) : "";
  if (picture === drawn) return;
  drawn = picture;
  box.replaceChildren();
  if (wanted) fill(box, item, choose);
}

function fill(box, item, choose) {
  const [who, about] = [h("div"), h("div")];
  drawPop(who, item, choose);
  drawNow(about, item);
  about.querySelector("#pop-why").remove();
  const close = () => {
    dismissed = item.id;
    drawPeek(item, choose);
  };
  box.append(
    h("button", { type: "button", class: "btn btn-plain btn-icon peek-close", "aria-label": t("Close"), onclick: close }, icon("x", 16)),
    who, about,
    h("a", { class: "btn btn-primary peek-open", href: "/desk", "hx-boost": "true" }, icon("headset"), t("Open on the desk")),
  );
  revive(box);
  drawTicking();
}
