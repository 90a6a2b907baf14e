export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    data.lead ? el("p", { class: "lead" }, data.lead) : "",
    ...(data.cards.length ? data.cards.map(card) : data.empty ? [el("p", { class: "none" }, data.empty)] : [])));
}

function card(one) {
  return el("article", { class: `is-${one.tone}`, "data-id": one.id },
    el("div", { class: "top" }, el("b", { class: "said", dir: "auto" }, one.title), one.state ? el("span", { class: one.tone }, one.state) : null),
    el("div", { class: "soft by" }, one.by),
    one.text ? el("div", { class: "said text", dir: "auto" }, one.text.map((part) => (part.found ? el("mark", {}, part.words) : part.words))) : null,
    one.findings && one.findings.length ? el("ul", { "aria-label": "Temuan pemeriksa" }, one.findings.map((found) =>
      el("li", {}, el("b", {}, found.label), ": ", el("span", { class: "said" }, `“${found.words}”`), el("span", { class: "soft" }, ` · ${found.advice}`)))) : null,
    (one.notes || []).map((note) => el("div", { class: "said note", dir: "auto" }, note)),
    one.link ? outside(one.link, "buka") : null,
    one.older && one.older.length ? el("details", { class: "more", "data-key": `older ${one.id}` },
      el("summary", { "data-key": `summary ${one.id}` }, `${one.older.length} versi sebelumnya`),
      one.older.map((old) => [el("div", { class: "soft by" }, old.title), el("div", { class: "said" }, old.text)])) : null);
}
