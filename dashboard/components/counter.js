const OFFERED = 8, PATIENCE = 20000;

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  if (!root.desk) root.desk = build(root, data);
  root.desk.show(data, setTriggerValue);
}

const narrow = () => matchMedia("(max-width: 800px)").matches;
const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/[^a-z0-9]+/g, " ").trim();

/* The form is built once, so that nothing typed is lost when the page is drawn anew. */
function build(root, data) {
  const places = data.spots.map(([name, area, within, kind, landmark]) => ({ name, area, within, kind, landmark, key: fold(name), all: fold(`${name} ${within} ${kind}`) }));
  let chosen = null, send = () => {}, turn = data.turn, waiting = null;
  const text = el("textarea", { id: "keluhan", rows: 5, maxlength: data.most, required: true, "aria-describedby": "samar" });
  const place = combobox(places, () => data.desk, (spot, own) => { chosen = spot; hint.textContent = spot ? spotWords(spot) + (own ? "" : " · dari teks keluhan, ganti bila keliru") : ""; });
  const hint = el("p", { class: "soft hint", "aria-live": "polite" });
  const duty = el("input", { id: "rtrw", maxlength: 40, placeholder: "mis. RW 04", autocomplete: "off" });
  const desks = el("select", { id: "meja" }, data.desks.map((name) => el("option", { value: name, selected: name === data.desk }, name)));
  const fault = el("p", { class: "fault", role: "alert" });
  const button = el("button", { class: "act big", type: "submit" }, "Terima keluhan");
  const form = el("form", { "aria-label": "Keluhan baru", novalidate: true },
    field("Apa keluhannya?", text, el("p", { id: "samar", class: "soft hint" }, "Tanpa nama, NIK, atau nomor telepon; yang tertulis disamarkan saat disimpan.")),
    el("div", { class: "row" }, field("Di mana?", place.node, hint), field("RT/RW yang melapor tugas", duty, el("p", { class: "soft hint" }, "Kosongkan bila warga biasa"))),
    fault,
    el("div", { class: "end" }, button, el("span", { class: "soft keys" }, "Ctrl+Enter")));
  const number = el("input", { id: "nomor", maxlength: 40, placeholder: "LOKET-…", autocomplete: "off", autocapitalize: "characters", spellcheck: "false" });
  const search = el("form", { class: "search", "aria-label": "Status keluhan" }, field("Nomor tanda terima", el("div", { class: "pair" }, number, el("button", { class: "act plain", type: "submit" }, "Lihat status"))));
  const found = el("div", { "aria-live": "polite" }), taken = el("div", { "aria-live": "polite" }), lately = el("div", {});
  root.replaceChildren(el("div", { class: "counter" },
    el("section", {}, el("div", { class: "head" }, el("h2", {}, "Terima keluhan"), el("label", { class: "desk" }, el("span", { class: "soft" }, "Loket"), desks)), taken, form),
    el("aside", {}, search, found, lately)));

  text.addEventListener("input", () => { if (!place.touched()) place.propose(named(text.value, places)); });
  desks.addEventListener("change", () => send("moved", desks.value));
  number.addEventListener("keydown", (event) => event.stopPropagation());
  search.addEventListener("submit", (event) => { event.preventDefault(); if (number.value.trim()) send("asked", number.value.trim()); });
  const free = () => { clearTimeout(waiting); button.disabled = false; button.textContent = "Terima keluhan"; };
  const submit = (event) => {
    event.preventDefault();
    if (button.disabled) return;
    const missing = text.value.trim().length < 5 ? [text, "Tulis keluhannya, paling sedikit lima huruf."] : !chosen ? [place.input, "Pilih tempatnya dari daftar: kelurahan, kecamatan, atau tempat yang dikenal."] : null;
    fault.textContent = missing ? missing[1] : "";
    if (missing) return missing[0].focus();
    button.disabled = true;
    button.textContent = "Menyimpan …";
    waiting = setTimeout(() => { free(); fault.textContent = "Belum ada jawaban. Periksa daftar hari ini sebelum mengirim lagi."; }, PATIENCE);
    send("sent", { text: text.value, area: chosen.area, spot: chosen.landmark ? chosen.name : "", desk: desks.value, rtrw: duty.value.trim() });
  };
  form.addEventListener("submit", submit);
  form.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) submit(event); event.stopPropagation(); });
  setTimeout(() => text.focus({ preventScroll: true }));

  const show = (fresh, setTriggerValue) => {
    data = fresh;
    send = setTriggerValue;
    const done = fresh.turn !== turn && !fresh.refused;
    if (fresh.turn !== turn) {
      turn = fresh.turn;
      free();
      fault.textContent = fresh.refused;
      if (done) {
        form.reset();
        place.clear();
      }
    }
    taken.replaceChildren(fresh.taken ? receipt(fresh.taken) : "");
    if (done) (narrow() ? taken.querySelector("a") : text).focus({ preventScroll: !narrow() });
    found.replaceChildren(fresh.asked ? answer(fresh.asked) : "");
    lately.replaceChildren(...today(fresh));
  };
  return { show };
}

const spotWords = (spot) => `${spot.kind} · ${spot.within}`;

function field(name, control, ...more) {
  const input = control.matches("input, textarea, select") ? control : control.querySelector("input");
  return el("div", { class: "field" }, el("label", { for: input.id }, name), control, more);
}

/* The longest place that a text names. */
function named(text, places) {
  const words = ` ${fold(text)} `;
  const hits = places.filter((spot) => spot.key.length > 3 && words.includes(` ${spot.key} `));
  return hits.sort((a, b) => b.key.length - a.key.length)[0] || null;
}

/* Places whose words begin like the words typed; the counter's own kecamatan first, areas before landmarks. */
function offered(typed, places, desk) {
  const parts = fold(typed).split(" ").filter(Boolean);
  if (!parts.length) return [];
  const home = fold(desk.replace(/^Kecamatan /, ""));
  const rank = (spot) => (spot.key.startsWith(parts.join(" ")) ? 0 : 4) + (fold(spot.within).startsWith(home) ? 0 : 2) + (spot.landmark ? 1 : 0);
  return places.filter((spot) => parts.every((part) => ` ${spot.all}`.includes(` ${part}`))).sort((a, b) => rank(a) - rank(b)).slice(0, OFFERED);
}

function combobox(places, desk, onChoice) {
  let rows = [], active = 0, touched = false;
  const list = el("ul", { id: "usul-tempat", role: "listbox", "aria-label": "Tempat" });
  const input = el("input", { id: "tempat", role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": "usul-tempat", autocomplete: "off", maxlength: 80, placeholder: "Kelurahan, pasar, jalan …" });
  const close = () => { rows = []; list.replaceChildren(); input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const mark = (at) => {
    active = at;
    [...list.children].forEach((node, index) => node.setAttribute("aria-selected", index === at));
    if (rows.length) input.setAttribute("aria-activedescendant", `tempat-${at}`);
  };
  const choose = (spot, own = true) => { input.value = spot ? spot.name : ""; close(); onChoice(spot, own); };
  const open = () => {
    rows = offered(input.value, places, desk());
    list.replaceChildren(...rows.map((spot, at) => {
      const node = el("li", { id: `tempat-${at}`, role: "option" }, el("b", {}, spot.name), el("span", { class: "soft" }, ` ${spotWords(spot)}`));
      node.addEventListener("mousedown", (event) => event.preventDefault());
      node.addEventListener("click", () => { touched = true; choose(spot); });
      return node;
    }));
    input.setAttribute("aria-expanded", rows.length ? "true" : "false");
    mark(0);
  };
  input.addEventListener("input", () => { touched = input.value !== ""; onChoice(null); open(); });
  input.addEventListener("blur", () => { if (rows.length) choose(rows[active]); });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) mark((active + step + rows.length) % rows.length);
    else if (event.key === "Enter" && rows.length) choose(rows[active]);
    else if (event.key === "Escape" && rows.length) close();
    else return;
    if (!event.ctrlKey && !event.metaKey) { event.preventDefault(); event.stopPropagation(); }
  });
  return {
    node: el("div", { class: "combo" }, input, list), input,
    touched: () => touched, propose: (spot) => choose(spot, false),
    clear: () => { touched = false; choose(null); },
  };
}

function receipt(one) {
  return el("article", { class: "receipt" },
    el("div", {}, el("span", { class: "soft" }, "Nomor tanda terima"), el("strong", { class: "number" }, one.number)),
    el("p", { class: "said", dir: "auto" }, one.text),
    el("p", { class: "soft" }, one.where),
    el("a", { class: "act", href: one.slip, target: "_blank", rel: "noopener", accesskey: "p" }, "Cetak tanda terima"));
}

function answer(one) {
  if (one.refused) return el("p", { class: "fault" }, one.refused);
  return el("article", { class: "standing" },
    el("strong", { class: "number" }, one.number), el("p", { class: "soft" }, one.when),
    el("p", { class: "words" }, one.words),
    one.text ? el("p", { class: "said soft", dir: "auto" }, one.text) : null,
    el("p", { class: "ways" }, one.issue ? el("a", { href: one.issue }, "Buka isunya") : null, el("a", { href: one.slip, target: "_blank", rel: "noopener" }, "Cetak lagi")));
}

function today(fresh) {
  const head = el("h3", {}, `Hari ini di ${fresh.desk}`);
  if (!fresh.lately.length) return [head, el("p", { class: "soft" }, "Belum ada keluhan yang diterima hari ini.")];
  return [head, el("ul", { class: "lately" }, fresh.lately.map((one) => el("li", {},
    el("div", { class: "line" }, el("span", { class: "number" }, one.number), el("span", { class: "soft" }, one.when)),
    el("div", { class: "said cut", dir: "auto" }, one.text || "teks sudah dihapus"), el("div", { class: "soft" }, one.words))))];
}
