// Says under each frame what its page has asked of other companies since this page was opened.
const main = document.querySelector("main[data-watched]");

function show(asked, hosts) {
  const names = Object.keys(hosts);
  const count = Object.values(hosts).reduce((sum, one) => sum + one, 0);
  const text = count ? `${count} request${count === 1 ? "" : "s"} to ${names.join(", ")}` : "No request to another company";
  asked.dataset.count = count ? "some" : "none";
  if (asked.textContent !== text) asked.textContent = text;
}

async function watch({ page, sides, since }) {
  for (;;) {
    const answer = await fetch(`/asked?${new URLSearchParams({ page, since })}`);
    const found = await answer.json();
    for (const side of sides) show(document.querySelector(`.asked[data-side="${side}"]`), found[side]);
    await new Promise((resolve) => setTimeout(resolve, 700));
  }
}

if (main) watch(JSON.parse(main.dataset.watched)).catch(() => {}); // the demo has ended
