const GROUPS = {
  now: ["JAWAB SEKARANG", "skor ≥ 70 dan batas lewat / tinggal < 1 jam"],
  today: ["HARI INI", "batas lewat atau jatuh tempo hari ini"],
  watch: ["PANTAU", "batas masih jauh atau sudah ditanggapi"],
};
const SEEN = "tanggap.dilihat";

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const seen = readSeen();
  let active = Math.max(0, data.rows.findIndex((row) => row.id === data.selected));
  const rows = data.rows.map((row, at) => line(row, at, row.id === data.selected, seen));
  const list = el("div", { class: "list", role: "listbox", tabindex: 0, "aria-label": "Antrean isu" }, grouped(data.rows, rows));

  const mark = (at, scroll) => {
    active = at;
    rows.forEach((node, index) => node.classList.toggle("active", index === at));
    if (rows[at]) {
      list.setAttribute("aria-activedescendant", rows[at].id);
      if (scroll) rows[at].scrollIntoView({ block: "nearest" });
    }
  };
  const pick = (at) => {
    const row = data.rows[at];
    if (!row) return;
    rows.forEach((node, index) => node.setAttribute("aria-selected", index === at));
    rows[at].classList.remove("unread");
    writeSeen(seen, row);
    mark(at, false);
    setTriggerValue("picked", row.id);
  };
  rows.forEach((node, at) => node.addEventListener("click", () => pick(at)));
  const work = (event) => {
    const step = { j: 1, ArrowDown: 1, k: -1, ArrowUp: -1 }[event.key];
    if (step) mark(Math.min(rows.length - 1, Math.max(0, active + step)), true);
    else if (event.key === "Enter" || event.key === " ") pick(active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  list.addEventListener("keydown", work);
  /* j and k reach the list from anywhere but a field or a window over the page. */
  const reach = (event) => {
    const from = event.composedPath()[0];
    if (!["j", "k"].includes(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
    if (from.closest?.("input, textarea, select, [contenteditable], [role=dialog], [role=listbox]")) return;
    list.focus();
    work(event);
  };
  document.addEventListener("keydown", reach);
  const hadFocus = parentElement.activeElement === root.querySelector(".list") && root.querySelector(".list") !== null;
  root.replaceChildren(chips(data, setTriggerValue), data.rows.length ? list : empty(data, setTriggerValue), foot(data, setTriggerValue));
  mark(active, false);
  if (hadFocus) list.focus({ preventScroll: true });
  const stop = keepTime(root, data.now, (now) => rows.forEach((node, at) => clock(node, data.rows[at], now)));
  return () => {
    stop();
    document.removeEventListener("keydown", reach);
  };
}

function grouped(rows, nodes) {
  const shown = [];
  rows.forEach((row, at) => {
    if (at === 0 || rows[at - 1].group !== row.group) {
      const [title, meaning] = GROUPS[row.group];
      shown.push(el("div", { class: `group ${row.group}`, role: "presentation" }, el("b", {}, title), el("span", {}, meaning)));
    }
    shown.push(nodes[at]);
  });
  return shown;
}

function line(row, at, selected, seen) {
  const unread = seen[row.id] !== row.touched;
  return el("div", { class: `row ${row.group}${unread ? " unread" : ""}`, role: "option", id: `row-${at}`, "aria-selected": selected, "data-id": row.id },
    el("div", { class: "time" }, el("div", { class: "left" }), el("div", { class: "soft word" }), el("div", { class: "bar" }, el("i", {}))),
    el("div", { class: "score", title: "Skor 0–100" }, el("span", { class: "hidden" }, "skor "), row.score),
    el("div", { class: "what" },
      el("div", { class: "title cut", title: row.title }, el("i", { class: "dot" }), el("span", { class: "said" }, row.title)),
      el("div", { class: "why cut", title: [row.place, row.why].filter(Boolean).join(" · ") },
        row.place, row.why && row.place ? " · " : "", el("b", {}, row.why)),
      el("div", { class: "small cut" }, holder(row), ` · ${row.agency} · ${row.status}`)),
    el("div", { class: "posts" }, spark(row.spark), el("div", {}, `${number(row.posts)} kiriman`)),
    el("div", { class: "who" }, el("div", { class: "cut" }, holder(row)),
      el("div", { class: "soft cut" }, `${row.agency} · `, el("span", { style: `color:${row.colour}`, "aria-hidden": true }, `${row.sign} `), row.status)));
}

const holder = (row) => (row.holder ? row.holder : row.closed ? "–" : el("span", { class: "red" }, "Belum ada PIC"));

function spark(hours) {
  const top = Math.max(1, ...hours), step = 80 / Math.max(1, hours.length);
  return svg("svg", { viewBox: "0 0 80 22", class: "spark", "aria-hidden": "true" }, hours.map((count, at) => {
    const tall = count ? Math.max(2, (count / top) * 22) : 1;
    return svg("rect", { x: (at * step).toFixed(1), y: (22 - tall).toFixed(1), width: (step - 0.8).toFixed(1), height: tall.toFixed(1), class: at >= hours.length - 3 ? "last" : "" });
  }));
}

function clock(node, row, now) {
  const [left, word, bar] = [".left", ".word", ".bar i"].map((name) => node.querySelector(name));
  if (row.due === null) {
    left.textContent = "–";
    word.textContent = row.closed ? "selesai" : "tanpa batas";
    bar.style.width = "0";
    return;
  }
  const late = row.due <= now, near = !late && row.due - now < 60 * MINUTE;
  left.textContent = span(row.due - now);
  word.textContent = `${late ? "lewat" : "sisa"} ${row.deadline.toLowerCase()}`;
  node.querySelector(".time").className = `time ${late ? "late" : near ? "near" : "far"}`;
  node.querySelector(".time").title = row.deadline;
  bar.style.width = `${Math.round(100 * Math.min(1, Math.max(0.02, (now - row.start) / Math.max(1, row.due - row.start))))}%`;
}

function chips(data, setTriggerValue) {
  if (!data.only) return "";
  return el("div", { class: "chips" }, `Hanya ${data.only} `, el("button", { onclick: () => setTriggerValue("only", ""), "aria-label": "Hapus saringan" }, "× hapus"));
}

function empty(data, setTriggerValue) {
  return el("div", { class: "empty" }, el("b", {}, data.empty), el("div", { class: "soft" }, data.checked),
    data.filtered ? el("button", { class: "act plain", onclick: () => setTriggerValue("clear", Date.now()) }, "Hapus semua saringan") : null);
}

function foot(data, setTriggerValue) {
  const go = (page, words, name) => el("button", { disabled: page === data.page || page < 1 || page > data.pages, "aria-current": page === data.page ? "page" : null, "aria-label": name, onclick: () => setTriggerValue("page", page) }, words);
  const near = [...Array(data.pages).keys()].map((at) => at + 1).filter((page) => page === 1 || page === data.pages || Math.abs(page - data.page) < 3);
  return el("div", { class: "foot" }, el("span", { class: "soft" }, `${number(data.total)} isu`, el("span", { class: "keys" }, " · j/k pindah · Enter buka")),
    data.pages > 1 ? el("nav", { "aria-label": "Halaman" }, go(data.page - 1, "‹", "Halaman sebelumnya"), near.map((page) => go(page, String(page), `Halaman ${page}`)), go(data.page + 1, "›", "Halaman berikutnya")) : null);
}

function readSeen() {
  try { return JSON.parse(localStorage.getItem(SEEN)) || {}; } catch { return {}; }
}

function writeSeen(seen, row) {
  seen[row.id] = row.touched;
  const kept = Object.fromEntries(Object.entries(seen).slice(-500));
  try { localStorage.setItem(SEEN, JSON.stringify(kept)); } catch { /* a full or closed storage only costs the dots */ }
}
