// A form of ours brings the visitor back to this page by a reload: to where they were in it.

const PLACE = "privacy-place";
const path = location.pathname + location.search;

function keepPlace() {
  try {
    sessionStorage.setItem(PLACE, `${Math.round(scrollY)} ${path}`);
  } catch {
    // no storage in a sandboxed frame: the page then begins at its top
  }
}

function leaving(event) {
  const action = parsed(attribute(event.target, "action") || "");
  if (action && action.origin === site.origin && action.pathname.startsWith(`${config.prefix}/`)) keepPlace();
}

function returned() {
  try {
    const kept = sessionStorage.getItem(PLACE) || "";
    sessionStorage.removeItem(PLACE);
    const [, top, where] = /^(\d+) (.*)$/s.exec(kept) || [];
    if (where === path) scrollTo({ top: Number(top), behavior: "instant" });
  } catch {
    // as above
  }
}
