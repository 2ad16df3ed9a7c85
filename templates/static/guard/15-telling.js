// What is held because nobody has named it: the operator will want to know why the page does not work. Each is told
// once per page, some together, in the form in which browsers report what a policy has refused (reports.py).

const MOST_TOLD = 200; // names that code makes up are not followed for ever
const MOST_AT_ONCE = 50; // as in reports.py
const DIRECTIVES = {
  script: "script-src-elem", image: "img-src", subdocument: "frame-src", media: "media-src", object: "object-src",
  ping: "connect-src", xmlhttprequest: "connect-src", websocket: "connect-src",
};
const toldOf = new Set();
const untold = [];
const sendBeacon = page && Navigator.prototype.sendBeacon;

function tellOperator(name, report) {
  if (!page || toldOf.has(name) || toldOf.size === MOST_TOLD) return;
  if (!untold.length) setTimeout(sendReports, 1000);
  toldOf.add(name);
  untold.push(report);
}

function sendReports() {
  while (untold.length) {
    const body = JSON.stringify(untold.splice(0, MOST_AT_ONCE));
    apply(sendBeacon, navigator, [`${site.origin}${config.prefix}/reports`, new Blob([body], { type: "application/reports+json" })]);
  }
}

const tellOfCookie = (name) => tellOperator(name, { type: "cookie", name });
const tellOfStored = (name) => tellOperator(`#${name}`, { type: "storage", name });
const tellOfHost = ({ origin, hostname }, kind) =>
  tellOperator(`//${hostname}`, { type: "csp-violation", body: { blockedURL: origin, effectiveDirective: DIRECTIVES[kind] || "" } });
