// In a page that another website shows in a frame nobody agrees to anything: the click may have been meant for
// what lies over it or under it. In a frame of the site's own a click counts, if it comes by fetch: of a form that
// leads a frame, the gateway cannot tell whose page is around it, and refuses.

const GRANTING = '[data-privacy="notice"], [data-privacy="activate"], [data-privacy="placeholder"] label';
// Told where the gateway's own tools show the page in a frame, on the operator's computer.
const shownByUs = own && own.dataset.shown === "frame";
const isFramed = page && self !== top && !shownByUs;
const foreign = isFramed && !isReachable(self);

// Every window around it, for the site's own page may be in another's.
function isReachable(inner) {
  try {
    return inner === top || (Boolean(inner.parent.location.href) && isReachable(inner.parent));
  } catch {
    return false;
  }
}

function hideGranting() {
  if (!document.adoptedStyleSheets) return; // Safari before 16.4: what is shown there is not heeded
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`${GRANTING} { display: none !important }`);
  document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
}

// What the form would have done, and its page would not be taken for.
async function recordInFrame(form, button) {
  const fields = new URLSearchParams(new FormData(form));
  fields.set(button.name, button.value);
  const answer = await window.fetch(form.action, { method: "POST", body: fields, redirect: "manual", keepalive: true });
  if (answer.type !== "opaqueredirect") throw new Error(`not recorded: ${answer.status}`);
}

async function submitted(form, button) {
  if (!isFramed) return form.requestSubmit(button);
  try {
    await recordInFrame(form, button);
    again();
  } catch {
    form.requestSubmit(button); // its answer says what is wrong
  }
}
