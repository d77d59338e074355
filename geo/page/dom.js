// Build elements. Text goes in by textContent alone: nothing in the data can become markup.

// element("button", { class: "geo-x", onclick: f, "aria-label": "..." }, "text", child, ...)
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "value" || name === "checked") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  append(node, children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

export function svgElement(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  append(node, children);
  return node;
}

// Replace what a node holds.
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child);
  }
}

// A link where the address is one we follow, plain text where it is not (javascript:, data:, ...).
export function safeLink(url, text) {
  return /^(https?:\/\/|mailto:)/i.test(url)
    ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text)
    : document.createTextNode(text);
}
