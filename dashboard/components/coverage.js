export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    el("div", { class: "top" }, el("span", {}, el("b", {}, `Cakupan jawaban ${data.percent}`), " dari pembaca"), el("span", { class: "soft" }, data.words)),
    el("div", { class: "bar", "aria-hidden": "true" }, el("i", { style: `width:${100 * data.share}%` })),
    data.gaps.length ? el("details", { class: "more", "data-key": "gaps" },
      el("summary", { "data-key": "summary gaps" }, `${data.gaps.length} kiriman yang sebaiknya dijawab dulu`),
      el("ol", { "aria-label": "Kiriman tanpa jawaban" }, data.gaps.map(gap))) : ""));
}

function gap(one) {
  return el("li", {},
    el("b", { class: "gain" }, `+${one.gain}`),
    el("div", {}, el("div", { class: "soft" }, one.about), el("div", { class: "said", dir: "auto" }, one.text), outside(one.link, "buka")));
}
