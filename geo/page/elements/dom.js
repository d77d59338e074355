// Build elements. Text goes in by textContent alone: nothing in the data can become markup.

// element("button.geo-x", { onclick: f, "aria-label": "..." }, "text", child, ...); the attributes may be left out.
export function element(name, attributes, ...children) {
  const [tag, ...classes] = name.split(".");
  const node = document.createElement(tag);
  if (classes.length) node.className = classes.join(" ");
  if (attributes?.constructor === Object) setAttributes(node, attributes);
  else append(node, [attributes]);
  append(node, children);
  return node;
}

const PROPERTIES = ["value", "checked", "hidden"];

// on...: a listener; --...: for the styles; `class` adds to those of the name; null and undefined take an attribute
// away.
export function setAttributes(node, attributes) {
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else if (key.startsWith("--")) node.style.setProperty(key, value);
    else if (PROPERTIES.includes(key)) node[key] = value;
    else if (key === "class") node.classList.add(...value.split(" "));
    else if (value === null || value === undefined) node.removeAttribute(key);
    else node.setAttribute(key, value);
  }
}

export function svgElement(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  setAttributes(node, attributes);
  append(node, children);
  return node;
}

// Replace what a node holds.
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

// Have write(n) fill a line with as many of `most` things as there is room for, one at least. Gives that number.
export function writeFitting(line, most, write) {
  let n = most;
  write(n);
  while (n > 1 && line.scrollWidth > line.clientWidth) write(--n);
  return n;
}

function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(typeof child === "string" ? tied(child) : child);
  }
}

// No line begins with a dash or with what a number counts, as Russian and Kyrgyz are set: "на 87 %", "в 2012 году",
// "2,5 млн".
export function tied(text) {
  return text.replace(/ —|(?<=\d) (?=%|\d{3}|[Ѐ-ӿ])/g, (space) => space.replace(" ", "\u00a0"));
}

// What holds a control that has the focus is about to be written anew: gives what hands the focus to its like, the one
// with the same words (of several the same one), else to `other`.
export function holdFocus(node) {
  const held = document.activeElement;
  if (!node.contains(held)) return () => {};
  const words = wordsOf(held);
  const likes = () => [...node.querySelectorAll("a, button, input")].filter((control) => wordsOf(control) === words);
  const at = likes().indexOf(held);
  return (other) => (likes()[at] ?? other)?.focus({ preventScroll: true });
}

function wordsOf(control) {
  return control.getAttribute("aria-label") ?? (control.closest("label") ?? control).textContent;
}

// A link where the address is one we follow, the text alone where it is none, or another (javascript:, data:, ...).
export function safeLink(url, text) {
  const isFollowed = /^(https?:\/\/|mailto:)/i.test(url);
  return isFollowed ? element("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, text) : text;
}

export function isCalm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// A promise that what is there now has been painted.
export function nextPaint() {
  return new Promise((go) => {
    requestAnimationFrame(() => setTimeout(go));
    setTimeout(go, 200); // a page in the background is not painted
  });
}
