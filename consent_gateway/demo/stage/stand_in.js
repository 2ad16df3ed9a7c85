// A stand-in: draws a box where its service would draw, and does nothing else.
(() => {
  "use strict";
  const told = {{told}};
  const STYLE = "box-sizing:border-box;max-width:100%;padding:.5rem .75rem;border:2px dashed #8a6b00;background:#fff8dc;color:#3f3200;font:400 14px/1.35 system-ui,sans-serif;text-align:start";
  const box = (words, style) => {
    const made = document.createElement("div");
    made.dataset.standIn = told.host;
    made.style.cssText = STYLE + style;
    made.textContent = words;
    return made;
  };

  function draw() {
    for (const selector of told.mounts)
      for (const mount of document.querySelectorAll(selector)) {
        if ("stoodIn" in mount.dataset) continue;
        mount.dataset.stoodIn = "";
        const made = box(`This is where ${told.name} would draw.`, ";min-width:min(16rem,100%)");
        if (mount.localName === "script" || mount.getClientRects().length === 0) mount.after(made);
        else mount.append(made);
      }
    if (told.floats && !document.querySelector(`[data-stand-in="${CSS.escape(told.host)}"]`))
      document.body.append(box(`${told.name} (${told.floats})`, ";position:fixed;right:1rem;bottom:1rem;z-index:9999;border-radius:1rem"));
  }

  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", draw);
  else draw();
})();
