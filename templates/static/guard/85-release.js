// An answer to the notice takes effect without a reload where that is safe: not where the policy
// of the page is enforced, where a script writes into the page as it is parsed or runs already, or where something
// that runs already was withdrawn.

let asIs = false;

async function answered(event) {
  const form = event.target;
  const notice = form instanceof HTMLFormElement && form.closest('[data-privacy="notice"]');
  const button = event.submitter;
  if (!notice || asIs || !button) return leaving(event);
  event.preventDefault();
  if (foreign && button.value !== "reject_all") return;
  const fields = new URLSearchParams(new FormData(form));
  fields.set(button.name, button.value);
  try {
    const { load } = await (await record(form, fields)).json();
    const released = load.filter((id) => !loads.has(id));
    const withdrawn = told("load").filter((id) => !load.includes(id));
    stopMeasuring(load); // before the page goes, or it would send what it has gathered
    stopStoring(load);
    tellTabs(load);
    if (withdrawn.length || (released.length && (config.enforced || released.some((id) => writes(id) || runs(id))))) return again();
    say(notice.dataset.said);
    notice.remove();
    release(released);
  } catch {
    asIs = true;
    form.requestSubmit(button);
  }
}

function again() {
  keepPlace();
  location.reload();
}

function release(services) {
  for (const id of services) loads.add(id), goOnStoring(id);
  if (services.some((id) => config.measurement.includes(id))) measure();
  for (const id of services) {
    if (id === "analytics_linking" || id.startsWith("purpose:")) continue;
    placeholdersOf(id).forEach(restore);
    start(id);
  }
}
