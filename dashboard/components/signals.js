export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    data.withheld.length ? el("section", { class: "withheld", "aria-label": "Tidak disimpulkan" }, data.withheld.map((words) => el("p", { class: "said" }, words))) : "",
    el("p", { class: data.stale ? "looked red" : "looked soft" }, data.looked),
    data.parts.length ? el("div", { class: "parts" }, data.parts.map(part)) : el("p", { class: "none" }, data.nothing)));
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
    one.more.map((group) => el("details", { class: "beside", "data-key": `${one.id} ${group.title}` }, el("summary", { "data-key": `buka ${one.id} ${group.title}` }, `${group.title} · ${group.posts.length}`), group.posts.map(quote))),
    one.href ? el("a", { class: "rows", href: one.href, target: "_self" }, one.rows) : null);
}

function quote(post) {
  return el("blockquote", {}, el("div", { class: "soft" }, `${post.label} · ${post.at}`), el("div", { class: "said", dir: "auto" }, post.text), post.said && post.said !== post.text ? el("div", { class: "said", dir: "auto" }, `“${post.said}”`) : null, outside(post.link, "buka sumber"));
}
