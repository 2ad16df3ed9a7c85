// Names that the page's own code may call although their service is held: they do nothing.
for (const [owner, functions] of Object.entries(config.quiet)) {
  if (loads.has(owner)) continue;
  for (const name of functions) {
    if (!(name in window)) window[name] = function () {};
  }
}
