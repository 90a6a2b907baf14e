const MINUTE = 60000;

/* An element with text: strings become text nodes, so nothing a citizen wrote is ever read as markup. */
function el(tag, attributes, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (value === null || value === undefined || (value === false && !name.startsWith("aria-"))) continue;
    if (name === "onclick") node.addEventListener("click", value);
    else if (name === "style") node.style.cssText = value;
    else node.setAttribute(name, value === true && !name.startsWith("aria-") ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function svg(tag, attributes, ...children) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", tag);
  for (const [name, value] of Object.entries(attributes || {})) node.setAttribute(name, String(value));
  node.append(...children.flat());
  return node;
}

/* A link to the outside: `to` comes from render.link, which lets only http and https through. */
function outside(to, words) {
  if (!to || !/^https?:\/\//i.test(to.href)) return null;
  const node = el("a", { target: "_blank", rel: "noopener noreferrer nofollow", class: "out" }, `${words} · ${to.host} ↗`);
  node.href = to.href;
  return node;
}

const number = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, ".");

/* A length of time in the words of tanggap.clock.span, rounded half to even as Python does. */
function span(ms) {
  const exact = Math.abs(ms) / MINUTE;
  let minutes = Math.round(exact);
  if (exact % 1 === 0.5 && minutes % 2) minutes -= 1;
  if (minutes < 60) return `${minutes} mnt`;
  let hours = Math.floor(minutes / 60);
  minutes %= 60;
  if (hours < 24) return minutes ? `${hours} j ${minutes} mnt` : `${hours} j`;
  const days = Math.floor(hours / 24);
  hours %= 24;
  return hours && days < 3 ? `${days} hari ${hours} j` : `${days} hari`;
}

/* Runs `paint(now)` at once and every 10 seconds, on the clock of the server. */
function keepTime(root, serverNow, paint) {
  if (root.serverNow !== serverNow) {
    root.serverNow = serverNow;
    root.ahead = serverNow - Date.now();
  }
  clearInterval(root.ticker);
  const tick = () => paint(Date.now() + root.ahead);
  tick();
  root.ticker = setInterval(tick, 10000);
  return () => clearInterval(root.ticker);
}

/* The technical text behind a sentence. */
function detail(text, key) {
  return text ? el("details", { class: "more", "data-key": key }, el("summary", { "data-key": `summary ${key}` }, "rincian"), el("pre", { dir: "auto" }, text)) : null;
}

/* Draws anew what a timer brings, and leaves open what was open and the focus where it was. */
function redraw(root, draw) {
  const held = root.getRootNode().activeElement?.dataset?.key;
  const open = new Set([...root.querySelectorAll("details[open]")].map((node) => node.dataset.key));
  draw();
  root.querySelectorAll("details[data-key]").forEach((node) => { node.open = open.has(node.dataset.key); });
  if (held) [...root.querySelectorAll("[data-key]")].find((node) => node.dataset.key === held)?.focus({ preventScroll: true });
}

/* Coming slots: `hari ini 14.15 · 14.30`, with the day only where it changes. */
function slots(days) {
  return days.map((day, at) => [at ? " · " : "", el("span", { class: "soft" }, `${day.day} `), el("span", { class: "times" }, day.times)]);
}

/* How long it is until a moment. */
const until = (ms) => (ms <= 0 ? "sekarang" : ms < MINUTE ? "< 1 mnt lagi" : `${span(ms)} lagi`);

/* What the post was read as, who set that right, and the way to say that it is wrong. */
function readAs(post, setTriggerValue) {
  const link = (name, value, words) => el("button", { class: "link", "data-key": `${name} ${value}`, onclick: () => setTriggerValue(name, value) }, words);
  return el("div", { class: "read" },
    el("div", {}, el("span", { class: "soft said" }, `dibaca: ${post.read.labels.join(" · ")}`), post.read.may ? link("wrong", post.post, "label ini salah") : null),
    post.read.strays ? el("div", { class: "amber" }, post.read.strays) : null,
    post.read.said.map((one) => el("div", {}, el("b", {}, one.words), el("span", { class: "soft said" }, `: ${one.why}`), post.read.may ? link("undo", one.id, "urungkan") : null)));
}
