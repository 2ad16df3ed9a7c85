// What the site's own lists of trackers hold is judged by their own script. In a page it stands right
// before this one; a worker fetches it here. Where it is missing nothing can be told: then all is held.

const listsScript = page && config.lists ? own.previousElementSibling : null;

function judgeOfLists() {
  if (!config.lists) return () => false;
  try {
    if (!page) importScripts(trusted("createScriptURL", `${self.origin}${config.lists}`));
    const place = page ? listsScript : self;
    const { holds } = place;
    delete place.holds;
    if (holds) return holds;
  } catch {
    // no such script before this one, or a worker that is a module
  }
  return () => true;
}
const isListed = (shared && shared.isListed) || judgeOfLists();
