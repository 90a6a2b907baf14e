export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    el("h3", {}, "Suara per tempat"),
    el("p", { class: "soft" }, "Unggahan dan laporan warga selama 28 hari, salinan tidak dihitung. Tempat bertanda lebih sepi daripada yang wajar; di bawah sepuluh suara tidak ada yang dinilai. Tekan angka untuk melihat kirimannya."),
    chips("Tingkat wilayah", data.levels.map((one) => [one.name, one.name, one.count]), data.level, (name) => setTriggerValue("level", name)),
    chips("Tempat yang dilihat", data.sifts.map((one) => [one.name, one.words, one.count]), data.sift, (name) => setTriggerValue("sift", name)),
    data.note ? el("p", { class: "soft note" }, data.note) : "",
    data.rows.length ? table(data, setTriggerValue) : el("p", { class: "none" }, "Tidak ada tempat seperti itu pada tingkat ini."),
    data.more ? el("button", { class: "count", "data-key": "lagi", onclick: () => setTriggerValue("more", `${data.level} ${data.sift}`) }, `tampilkan lebih banyak (${number(data.more)} lagi)`) : ""));
}

function chips(name, options, chosen, act) {
  return el("div", { class: "chips", role: "radiogroup", "aria-label": name }, options.map(([key, words, count]) =>
    el("button", { role: "radio", "aria-checked": key === chosen, "data-key": `pilih ${key}`, onclick: () => act(key) }, words, el("span", { class: "soft" }, ` ${number(count)}`))));
}

function table(data, setTriggerValue) {
  const heads = ["Wilayah", "Unggahan", "Laporan", data.rated ? "Per 10.000 warga (selang 95 %)" : "Suara", "Tanda"];
  return el("table", {}, el("caption", { class: "hidden" }, "Suara per wilayah"),
    el("thead", {}, el("tr", {}, heads.map((words) => el("th", { scope: "col" }, words)))),
    el("tbody", {}, data.rows.map((row) => [line(row, heads, data, setTriggerValue), data.posts && data.open.startsWith(`${row.code}:`) ? opened(row, data, setTriggerValue) : null])));
}

function line(row, heads, data, setTriggerValue) {
  const count = (value, name) => {
    const key = `${row.code}:${name}`;
    return value === "0" ? "0" : el("button", { class: "count", "aria-expanded": data.open === key, "data-key": key, "aria-label": `${row.name}: ${value} ${name}, lihat kirimannya`, onclick: () => setTriggerValue("open", key) }, value);
  };
  const cell = (at, ...inside) => el("td", { "data-name": heads[at] }, el("div", { class: "cell" }, inside));
  return el("tr", { class: row.sign ? null : "calm", "data-code": row.code },
    cell(0, row.href ? el("a", { href: row.href, target: "_self", title: "lihat isunya di antrean" }, row.name) : row.name, row.within ? el("span", { class: "soft" }, ` ${row.within}`) : null),
    cell(1, count(row.posts, "unggahan")), cell(2, count(row.reports, "laporan")),
    cell(3, data.rated ? [row.rate, el("span", { class: "soft" }, " · "), count(row.voices, "suara"), el("span", { class: "soft" }, " suara")] : count(row.voices, "suara")),
    cell(4, row.sign ? el("b", { class: "amber" }, row.sign) : el("span", { class: "soft" }, "–"), row.told ? el("div", { class: "soft" }, row.told) : null));
}

function opened(row, data, setTriggerValue) {
  return el("tr", { class: "opened" }, el("td", { colspan: "5" }, el("section", { class: "rows", "aria-label": `Kiriman di balik angka ${row.name}` },
    data.posts.posts.length ? data.posts.posts.map(quote) : el("p", { class: "soft" }, "Kirimannya sudah dihapus."),
    data.posts.more ? el("button", { class: "count", "data-key": "kiriman lagi", onclick: () => setTriggerValue("more", data.open) }, `kiriman berikutnya (${number(data.posts.more)} lagi)`) : null,
    el("button", { class: "count fold", "data-key": "lipat", onclick: () => setTriggerValue("open", data.open) }, "lipat"))));
}

function quote(post) {
  return el("blockquote", {}, el("div", { class: "soft" }, `${post.label} · ${post.at}`), el("div", { class: "said", dir: "auto" }, post.text), outside(post.link, "buka sumber"));
}
