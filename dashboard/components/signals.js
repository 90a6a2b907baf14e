export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    data.withheld.length ? el("section", { class: "withheld", "aria-label": "Tidak disimpulkan" }, data.withheld.map((words) => el("p", { class: "said" }, words))) : "",
    el("p", { class: data.stale ? "looked red" : "looked soft" }, data.looked),
    data.parts.length ? el("div", { class: "parts" }, data.parts.map(part)) : el("p", { class: "none" }, data.nothing),
    places(data.places)));
}

function part(one) {
  return el("section", { "aria-label": one.title }, el("h3", {}, `${one.title} · ${one.cards.length}`), el("p", { class: "soft" }, one.about), el("div", { class: "cards" }, one.cards.map(card)));
}

function card(one) {
  return el("article", { "data-id": one.id },
    el("div", { class: "top" }, el("b", { class: "said" }, one.title), el("span", { class: "soft" }, one.since)),
    el("p", { class: "said" }, one.told),
    one.withheld ? el("p", { class: "amber said" }, one.withheld) : null,
    el("dl", {}, one.figures.map((figure) => el("div", {}, el("dd", {}, figure.value), el("dt", {}, figure.words)))),
    one.beside.map((group) => el("div", { class: "beside" }, el("h4", {}, group.title), group.posts.map(quote))),
    el("a", { class: "rows", href: one.href, target: "_self" }, one.rows));
}

function quote(post) {
  return el("blockquote", {}, el("div", { class: "soft" }, `${post.label} · ${post.at}`), el("div", { class: "said", dir: "auto" }, post.text), outside(post.link, "buka"));
}

function places(rows) {
  if (!rows.length) return "";
  const signed = rows.filter((row) => row.sign).length;
  return el("section", { "aria-label": "Tempat sepi" }, el("h3", {}, `Tempat sepi · ${signed}`),
    el("p", { class: "soft" }, "Suara per 10.000 warga selama 28 hari, dengan selang 95 %. Di bawah sepuluh suara tidak ada yang dinilai."),
    el("table", {}, el("caption", { class: "hidden" }, "Suara per wilayah"),
      el("thead", {}, el("tr", {}, ["Wilayah", "Unggahan", "Laporan", "Per 10.000 warga", "Tanda"].map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, rows.map((row) => el("tr", { class: row.sign ? null : "calm" },
        cell("Wilayah", el("a", { href: row.href, target: "_self" }, row.name), row.level === "kecamatan" ? el("span", { class: "soft" }, " kecamatan") : null),
        cell("Unggahan", row.posts), cell("Laporan", row.reports), cell("Per 10.000 warga", row.rate),
        cell("Tanda", row.sign ? el("b", { class: "amber" }, row.sign) : el("span", { class: "soft" }, "–"), row.told ? el("div", { class: "soft" }, row.told) : null))))));
}

const cell = (name, ...inside) => el("td", { "data-name": name }, el("div", { class: "cell" }, inside));
