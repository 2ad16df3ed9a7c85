// Address patterns, as in consent_gateway/lists/patterns.py.

const IN_PATTERN = { "*": ".*", "^": "(?:[^a-zA-Z0-9_.%-]|$)" };

const isExpression = (pattern) => /^\/.+\/$/s.test(pattern);

function expression(pattern, exactCase) {
  if (isExpression(pattern)) return new RegExp(pattern.slice(1, -1), exactCase ? "s" : "is");
  let start = "";
  let text = pattern;
  if (text.startsWith("||")) [start, text] = ["^[a-z]+://(?:[^/?#]*\\.)?", text.slice(2)];
  else if (text.startsWith("|")) [start, text] = ["^", text.slice(1)];
  const end = text.endsWith("|") ? "$" : "";
  const body = text.slice(0, text.length - end.length).replace(/[^a-zA-Z0-9_]/g, (one) => IN_PATTERN[one] || `\\${one}`);
  return new RegExp(`${start}${body}${end}`, "s");
}

// What tells whether an address fits: it is asked in lower case as well, for most patterns are.
function fits(pattern, exactCase) {
  if (pattern === "*") return () => true;
  if (!/[|^*]/.test(pattern) && !isExpression(pattern)) return (address, lower) => (exactCase ? address : lower).includes(pattern);
  let found;
  try {
    found = expression(pattern, exactCase);
  } catch {
    return () => false; // an expression that only Python can read
  }
  const text = isExpression(pattern) ? "" : pattern.split(/[|^*]+/).reduce((one, other) => (other.length > one.length ? other : one));
  return (address, lower) => lower.includes(text.toLowerCase()) && found.test(exactCase ? address : lower);
}
