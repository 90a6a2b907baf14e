export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  root.replaceChildren(...data.told.map((words) => el("p", { class: "told" }, words)),
    data.steps.length
      ? el("ol", { class: "line", "aria-label": "Riwayat" }, data.steps.map((step) => el("li", {},
          el("div", { class: "soft" }, step.at), el("div", { class: "said" }, el("b", {}, step.by), ` ${step.words}`),
          step.link ? outside(step.link, "buka") : null)))
      : el("p", { class: "soft" }, "Belum ada keputusan yang tercatat."));
}
