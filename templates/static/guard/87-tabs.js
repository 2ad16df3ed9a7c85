// What is withdrawn in one tab of the site is not measured in another that is open, and nothing more of it
// loads there. Nobody is granted anything this way: whatever is said here only takes away.

const TABS = "privacy-gateway";

function openTabs() {
  try {
    return new BroadcastChannel(TABS);
  } catch {
    return null; // a document without an origin
  }
}
const tabs = page && openTabs();

function tellTabs(released) {
  if (tabs) tabs.postMessage(released);
}

function listenToTabs() {
  if (!tabs) return;
  tabs.onmessage = ({ data }) => {
    if (!Array.isArray(data)) return;
    stopMeasuring(data);
    stopStoring(data);
    for (const id of loads) if (!data.includes(id) && !activated.has(id)) loads.delete(id);
  };
}
