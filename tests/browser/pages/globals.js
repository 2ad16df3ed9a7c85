const done = [];
IN.Event.on(IN, "auth", () => 0); done.push("IN");
FB.init({appId: "1"}); FB.Event.subscribe("edge.create", () => 0); new FB.Thing().other = 1; done.push("FB");
for (const tracker of ga.getAll()) tracker.get("clientId"); done.push(`ga${ga.q}`);
_satellite.track("x").then(() => done.push("never")).catch(() => 0); _satellite.pageBottom(); s.t(); done.push("adobe");
_taboola.push({flush: true}); done.push(`taboola ${_taboola.length}`);
googletag.cmd.push(() => googletag.pubads()); googletag.defineSlot("/1", [1, 1], "x").addService(googletag.pubads());
done.push(`googletag ${googletag.cmd.length}`);
(async () => { await FB; done.push("awaited"); document.body.dataset.done = done.join(); })();
document.body.dataset.absent = ["twttr", "fbq", "lintrk", "t"].filter((name) => name in window).join();
document.getElementById("way").onclick = function (event) {
  event.preventDefault();
  ga("send", "event", "out", {hitCallback: () => { location.href = this.href; }});
};
