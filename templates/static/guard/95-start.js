// What happens at once: everything before the page's first own script.

// What was held at run time: its stand-ins are needed from now on.
function wasHeld(element, name, value) {
  if (name !== "src") return;
  if (localName(element) === "iframe") standSoon(element);
  if (localName(element) !== "script") return;
  const url = parsed(value);
  const owner = url && ownerOf(url);
  if (owner) {
    standIn(owner);
    heldHere.add(owner);
    lookSoon();
  }
  if (url && !owner) standInForHost(url);
}

function guardPage() {
  arm(window);
  clearStored();
  addEventListener("pagehide", clearOnLeaving);
  addEventListener("pagehide", sendReports);
  measure();
  listenToTabs();
  tellTabs(told("load")); // the visitor may have withdrawn on a page of the gateway's
  told("held").forEach(standIn);
  new MutationObserver(parserBrought).observe(document, { childList: true, subtree: true });
  document.addEventListener("click", clicked);
  document.addEventListener("submit", answered);
  document.addEventListener("DOMContentLoaded", () => {
    returned();
    passOver();
  });
  if (foreign) hideGranting();
}

function guardWorker() {
  defineProperty(self, SHARED, { value: { loads, isListed } });
  armRequests(self);
  armWorkers(self);
}

if (page) guardPage();
else if (!self[SHARED]) guardWorker();
