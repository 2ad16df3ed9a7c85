// What the site's own lists of trackers hold is judged by their own script. In a page it stands right
// before this one; a worker fetches it here. Where it is missing nothing can be told: then all is held.

function judgeOfLists() {
  if (!config.lists) return () => false;
  try {
    if (typeof document !== "object") importScripts(`${self.origin}${config.lists}`);
    const place = typeof document === "object" ? own.previousElementSibling : self;
    const { holds } = place;
    delete place.holds;
    if (holds) return holds;
  } catch {
    // no such script before this one, or a worker that is a module
  }
  return () => true;
}
const isListed = judgeOfLists();
