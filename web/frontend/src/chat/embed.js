// The one script that other sites carry. It opens a frame from us and nothing else: what is said
// there stays there; the site is told only how large the frame wants to be.
(() => {
  const script = document.currentScript;
  const id = "callcenter-chat";
  if (!script || document.getElementById(id)) return;
  const base = new URL(script.src);
  const place = new URL("frame", base);
  place.search = "";
  place.searchParams.set("lang", script.dataset.lang || document.documentElement.lang || "");
  place.hash = `page=${encodeURIComponent(location.origin + location.pathname)}`;
  const frame = document.createElement("iframe");
  Object.assign(frame, { id, title: script.dataset.title || "Chat", src: place.href });
  const narrow = matchMedia("(max-width: 480px)");
  let open = false;

  function size() {
    const whole = open && narrow.matches;
    Object.assign(frame.style, {
      position: "fixed",
      zIndex: "2147483000",
      right: whole ? "0" : "16px",
      bottom: whole ? "0" : "16px",
      width: whole ? "100%" : open ? "min(400px, calc(100vw - 32px))" : "64px",
      height: whole ? "100%" : open ? "min(640px, calc(100vh - 32px))" : "64px",
      border: "0",
      borderRadius: whole ? "0" : open ? "12px" : "50%",
      boxShadow: "0 8px 32px rgb(0 0 0 / 25%)",
      colorScheme: "normal",
    });
  }

  window.addEventListener("message", ({ source, origin, data }) => {
    if (source !== frame.contentWindow || origin !== base.origin || data?.type !== id) return;
    open = Boolean(data.open);
    size();
  });
  narrow.addEventListener("change", size);
  size();
  const put = () => document.body.append(frame);
  if (document.body) put();
  else document.addEventListener("DOMContentLoaded", put);
})();
