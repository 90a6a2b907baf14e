export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    silence(data.silence),
    data.clocks.length ? el("ul", { class: "clocks", "aria-label": "Tenggat" }, data.clocks.map(clock)) : "",
    el("dl", { class: "called", "aria-label": "Yang dipanggil" }, data.called.map((one) => [el("dt", { class: "soft" }, one.label), el("dd", { class: "said" }, one.words)])),
    data.effect ? effect(data.effect) : "",
    data.steps.length
      ? el("ol", { class: "line", "aria-label": "Riwayat" }, data.steps.map((step) => el("li", {},
          el("div", { class: "soft" }, step.at), el("div", { class: "said" }, el("b", {}, step.by), ` ${step.words}`),
          step.link ? outside(step.link, "buka") : null)))
      : el("p", { class: "soft" }, "Belum ada keputusan yang tercatat.")));
}

/* The silence as one bar of three parts: not seen, at the desk, with the body. */
function silence(told) {
  return el("section", { "aria-label": "Waktu diam" }, el("b", {}, told.words),
    el("div", { class: "parts", "aria-hidden": "true" }, told.parts.map((part, at) => el("i", { class: `part${at}`, style: `flex-grow:${part.share}` }))),
    el("div", { class: "legend" }, told.parts.map((part, at) => el("span", {}, el("i", { class: `part${at}`, "aria-hidden": "true" }), `${part.label} `, el("b", {}, part.words)))));
}

function clock(one) {
  return el("li", {}, el("div", { class: "top" }, el("b", {}, one.label), el("span", { class: one.tone }, one.state)),
    el("div", { class: `bar ${one.tone}`, "aria-hidden": "true" }, el("i", { style: `width:${100 * one.share}%` }), one.marks.map((mark) => el("u", { style: `left:${100 * mark}%` }))),
    el("div", { class: "soft due" }, [one.due, one.warned].filter(Boolean).join(" · ")));
}

function effect(told) {
  return el("section", { class: "effect", "aria-label": "Efek jawaban" },
    el("div", { class: "top" }, el("b", {}, "Efek jawaban"), el("b", { class: told.tone }, told.verdict)),
    el("div", {}, told.told), el("div", { class: "soft" }, told.compared),
    told.line ? el("div", { class: "range", role: "img", "aria-label": told.line.words },
      el("u", {}), el("i", { style: `left:${100 * told.line.start}%;width:${100 * (told.line.end - told.line.start)}%` }), el("s", { style: `left:${100 * told.line.at}%` })) : null,
    told.line ? el("div", { class: "scale soft" }, el("span", {}, "−100%"), el("span", {}, told.line.words), el("span", {}, "+100%")) : null,
    told.mood ? el("div", { class: "soft" }, told.mood) : null,
    told.posts.length ? el("details", { class: "more", "data-key": "after" }, el("summary", { "data-key": "summary after" }, "Kiriman terbaru sesudah jawaban"),
      told.posts.map((one) => el("div", { class: "row" }, el("div", { class: "soft" }, one.about), el("div", { class: "said", dir: "auto" }, one.text)))) : null,
    told.peers.length ? el("details", { class: "more", "data-key": "peers" }, el("summary", { "data-key": "summary peers" }, `${told.count} isu serupa tanpa jawaban`),
      told.peers.map((one) => el("div", { class: "row top" }, el("span", {}, one.id), el("span", {}, one.words)))) : null);
}
