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
    one.text ? el("div", { class: one.findings.length ? "checked" : "" }, el("div", { class: "said text", dir: "auto" }, one.text.map(piece)), findings(one.findings)) : null,
    (one.notes || []).map((note) => el("div", { class: "said note", dir: "auto" }, note)),
    one.link ? outside(one.link, "buka") : null,
    one.next ? el("div", { class: "next" }, one.next) : null,
    one.versions && one.versions.length ? el("details", { class: "more", "data-key": `versions ${one.id}` },
      el("summary", { "data-key": `summary ${one.id}` }, "Apa yang berubah"),
      one.versions.map((version) => [el("div", { class: "soft by" }, version.title), el("div", { class: "said" }, version.pieces.map(change))])) : null);
}

/* A piece of a text; what the checker found carries the number of its finding. */
function piece(part) {
  return part.found.length ? el("mark", {}, part.words, el("sup", {}, part.found.join(","))) : part.words;
}

function findings(found) {
  return found.length ? el("ul", { "aria-label": "Temuan pemeriksa" }, found.map((one) =>
    el("li", {}, el("b", {}, `${one.number} ${one.label}`), ": ", el("span", { class: "said" }, `“${one.words}”`), el("span", { class: "soft" }, ` · ${one.advice}`)))) : null;
}

function change(part) {
  return part.kind === "same" ? part.words : el(part.kind === "gone" ? "del" : "ins", {}, part.words);
}
