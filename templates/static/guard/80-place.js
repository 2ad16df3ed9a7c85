// A form of ours brings the visitor back to this page by a reload: to where they were in it.
const PLACE = "privacy-place";
const here = location.pathname + location.search;

document.addEventListener("submit", (event) => {
  const action = getAttribute.call(event.target, "action") || "";
  if (!action.startsWith(`${config.prefix}/`)) return;
  try {
    sessionStorage.setItem(PLACE, `${Math.round(scrollY)} ${here}`);
  } catch {
    // no storage in a sandboxed frame: the page then begins at its top
  }
});

function returned() {
  try {
    const kept = sessionStorage.getItem(PLACE) || "";
    sessionStorage.removeItem(PLACE);
    const [, top, page] = /^(\d+) (.*)$/s.exec(kept) || [];
    if (page === here) scrollTo({ top: Number(top), behavior: "instant" });
  } catch {
    // as above
  }
}
document.addEventListener("DOMContentLoaded", returned);
