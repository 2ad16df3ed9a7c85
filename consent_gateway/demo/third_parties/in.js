// Stand-in for LinkedIn's in.js, written for this demo: turns <script type="IN/…"> into buttons.
(() => {
  "use strict";
  const own = document.currentScript;
  // The loader's own text is its configuration, "lang: en_US" for example.
  const settings = Object.fromEntries(Array.from(own.textContent.matchAll(/^\s*(\w+)\s*:\s*(.*?)\s*$/gm), ([, name, value]) => [name, value]));
  const german = (settings.lang || "").startsWith("de");
  const LABELS = {
    "in/share": german ? "Teilen" : "Share",
    "in/followcompany": german ? "Folgen" : "Follow",
  };
  const says = german ? "Attrappe für LinkedIn, von Ihrem eigenen Rechner" : "Stand-in for LinkedIn, served from your own computer";

  const STYLE = {
    widget: "display:inline-flex;flex-direction:column;gap:4px;vertical-align:top;font:400 12px/1.35 Arial,Helvetica,sans-serif",
    row: "display:inline-flex;align-items:center;gap:8px",
    button: "appearance:none;border:0;border-radius:14px;padding:0 14px;height:28px;background:#28608f;color:#fff;font:700 13px/28px Arial,Helvetica,sans-serif;cursor:pointer",
    count: "display:inline-block;border:1px solid #7e93a5;border-radius:4px;padding:0 7px;height:26px;line-height:26px;background:#fff;color:#28506f",
    note: "max-width:22ch;opacity:.8",
  };
  const element = (name, style, text = "") => Object.assign(document.createElement(name), { style, textContent: text });

  function button(mount) {
    const widget = element("span", STYLE.widget);
    widget.className = "IN-widget";
    const row = element("span", STYLE.row);
    const press = element("button", STYLE.button, LABELS[mount.type.toLowerCase()] || "LinkedIn");
    press.type = "button";
    press.addEventListener("click", () => (note.textContent = `The real button would open linkedin.com now. ${says}`));
    const note = element("span", STYLE.note, says);
    row.append(press);
    widget.append(row, note);
    if (["top", "right"].includes(mount.dataset.counter)) count(mount, row);
    return widget;
  }

  async function count(mount, row) {
    const page = encodeURIComponent(mount.dataset.url || location.href);
    const answer = await fetch(`http://www.linkedin.com.localhost:{{port}}/countserv/count/share?url=${page}`, { credentials: "include" });
    row.append(element("span", STYLE.count, String((await answer.json()).count)));
  }

  function parse(root = document) {
    for (const mount of root.querySelectorAll('script[type^="IN/" i]:not([data-in-ready])')) {
      mount.dataset.inReady = "";
      mount.before(button(mount));
    }
  }

  window.IN = { parse };
  if (document.readyState === "loading") addEventListener("DOMContentLoaded", () => parse());
  else parse();
})();
