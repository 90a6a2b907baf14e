export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const count = (tone, value, words, strong, only) =>
    el("button", { class: `count ${tone}`, title: "Tampilkan isu ini", onclick: () => setTriggerValue("only", only) },
      el("span", { class: "figure" }, number(value)), el("span", { class: "words" }, `${words} `, el("b", {}, strong)));
  const counts = el("div", { class: "counts" },
    count("severe", data.counts.now, "perlu dijawab", "sekarang", "sekarang"),
    count("near", data.counts.hour, "jatuh tempo < 1 jam", "", "sejam"),
    count("", data.counts.unheld, "mendesak", "tanpa PIC", "tanpa-pic"));
  const state = el("p", { class: "state" }, data.state, data.failing
    ? el("span", { class: "red" }, ` · ${data.failing}`) : null);
  const hot = el("div", { class: "hot" }, el("div", { class: "soft", title: "Kecamatan dengan jumlah skor isu terbuka terbesar" }, "Paling panas ", el("small", {}, "menurut jumlah skor")),
    data.hot.length
      ? el("ol", {}, data.hot.map((area) => el("li", {},
          el("button", { onclick: () => setTriggerValue("area", area.code), title: "Saring ke wilayah ini" },
            el("b", {}, area.name), ` ${area.issues} isu · skor tertinggi ${area.top}`))))
      : el("p", { class: "soft" }, "Belum ada isu terbuka di satu wilayah pun."));
  root.replaceChildren(el("div", { class: "grid" }, el("div", { class: "left" }, counts, state), hot, map(data, setTriggerValue)));
}

function map(data, setTriggerValue) {
  const { width, height, outlines } = data.map;
  const drawing = svg("svg", { viewBox: `0 0 ${width} ${height}`, role: "img", "aria-label": data.map.alt },
    outlines.map((area) => {
      const shape = svg("path", { d: area.path }, svg("title", {}, area.name));
      shape.addEventListener("click", () => setTriggerValue("area", area.code));
      return shape;
    }),
    data.dots.map((dot) => {
      const mark = svg("circle", { cx: dot.x, cy: dot.y, r: dot.level === "now" ? 13 : dot.level === "soon" ? 11 : 8, class: dot.level },
        svg("title", {}, `${dot.score} · ${dot.title}`));
      mark.addEventListener("click", () => setTriggerValue("picked", dot.id));
      return mark;
    }));
  const legend = el("ul", {}, [["now", "jawab sekarang"], ["soon", "skor ≥ 50 atau < 1 jam"], ["calm", "lainnya"]].map(([level, words]) =>
    el("li", {}, el("i", { class: level }), `${number(data.dots.filter((dot) => dot.level === level).length)} ${words}`)));
  return el("div", { class: "map" }, drawing, legend);
}
