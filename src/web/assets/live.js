// Keeps the parts of a page that carry `data-live` up to date: the page is fetched again and those parts are exchanged.
// Without this script every page works; the overview then offers to reload itself.
"use strict";

(() => {
  const EVERY_MS = 5000;
  const parts = () => document.querySelectorAll("[data-live]");
  const status = document.querySelector("[data-live-status]");
  if (parts().length === 0 || document.querySelector("meta[http-equiv=refresh]")) return;

  let paused = false;
  const text = document.createElement("span");
  const button = document.createElement("button");
  button.type = "button";

  const show = (words) => {
    if (text.textContent !== words) text.textContent = words;
    button.textContent = paused ? "Resume" : "Pause";
  };

  // A part in which the reader has the focus or a selection stays as it is.
  const inUse = (part) => {
    const selection = document.getSelection();
    const selected = selection && !selection.isCollapsed && part.contains(selection.anchorNode);
    return selected || (part !== document.activeElement && part.contains(document.activeElement));
  };

  const update = async () => {
    const answer = await fetch(location.href, { headers: { accept: "text/html" }, cache: "no-store" });
    if (!answer.ok) throw new Error(String(answer.status));
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of parts()) {
      const next = fresh.getElementById(part.id);
      if (next && next.innerHTML !== part.innerHTML && !inUse(part)) part.replaceChildren(...next.childNodes);
    }
  };

  const tick = async () => {
    if (!paused && document.visibilityState === "visible") {
      try {
        await update();
        show("Up to date.");
      } catch {
        show("Planwright does not answer.");
      }
    }
    setTimeout(tick, EVERY_MS);
  };

  if (status) {
    status.replaceChildren(text, " ", button);
    button.addEventListener("click", () => {
      paused = !paused;
      show(paused ? "Paused." : "Up to date.");
    });
    show("Up to date.");
  }
  setTimeout(tick, EVERY_MS);
})();
