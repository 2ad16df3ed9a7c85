// What the panel is made of.

export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// A shield, whole or broken through.
export function shield(open) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  for (const [key, value] of Object.entries({ width: 26, height: 26, viewBox: "0 0 26 26", "aria-hidden": "true", fill: "none", stroke: "currentColor", "stroke-width": 2.2, "stroke-linecap": "round", "stroke-linejoin": "round" })) svg.setAttribute(key, value);
  const path = document.createElementNS(svg.namespaceURI, "path");
  path.setAttribute("d", open ? "M13 2.5 22 6v7c0 5-3.6 8.6-9 10.5C7.6 21.6 4 18 4 13V6zM9 9.5l8 8M17 9.5l-8 8" : "M13 2.5 22 6v7c0 5-3.6 8.6-9 10.5C7.6 21.6 4 18 4 13V6zM8.5 13l3.200 3.200L17.5 10");
  svg.append(path);
  return svg;
}
