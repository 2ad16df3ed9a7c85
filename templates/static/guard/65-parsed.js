// What the parser brings into the page is looked at before the script after it runs (HTML standard,
// end tag "script": a microtask checkpoint comes first).

function arrived(element) {
  if (element.nodeName === "SCRIPT" && element.dataset.privacyService === "known" && element.dataset.privacySrc) {
    standInForHost(decoded(element.dataset.privacySrc));
  }
}

new MutationObserver((records) => {
  for (const { addedNodes } of records) {
    for (const node of addedNodes) {
      if (node.nodeType === 1) [node, ...node.querySelectorAll("script")].forEach(arrived);
    }
  }
}).observe(document, { childList: true, subtree: true });
