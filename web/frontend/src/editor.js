// Forms that the server draws anew while somebody edits them. The page is mended where it changed
// (`hx-swap="morph"`) and not replaced: a button between the press and the release of the mouse stays
// the same button, and what has the focus keeps it and what is typed in it.
import { Idiomorph } from "idiomorph";
import htmx from "htmx.org";

export function startEditors() {
  htmx.defineExtension("morph", {
    handleSwap: (style, target, fragment) =>
      style === "morph" && Idiomorph.morph(target, fragment.childNodes, { morphStyle: "innerHTML", ignoreActiveValue: true }),
  });
  document.addEventListener("click", onEdit);
  document.addEventListener("htmx:afterSettle", ({ target }) => target.matches?.("[data-editor]") && target.querySelector("[data-goes-on]")?.focus());
}

// An added or removed row is a field of the form until the server has drawn it: a request that takes
// the place of this one carries it too.
function onEdit(event) {
  const button = event.target.closest("[data-edit]");
  const editor = button?.closest("[data-editor]");
  if (!editor) return;
  const field = editor.querySelector("input[name=edit]");
  field.value = `${field.value} ${button.dataset.edit}`.trim();
  htmx.trigger(editor, "edited");
}
