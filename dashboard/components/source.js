export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  root.replaceChildren(
    el("button", { class: "back", onclick: () => setTriggerValue("back", Date.now()) }, "‹ Semua sumber"),
    el("h2", { class: "said" }, data.title),
    el("p", { class: "path soft" }, data.path, data.link ? " · " : "", outside(data.link, "buka")),
    el("div", { class: `state ${data.tone}` }, el("b", { class: data.tone }, data.state), data.since ? el("span", { class: "soft" }, ` sejak ${data.since}`) : null,
      data.told ? el("span", { class: "said told" }, data.told) : null, detail(data.more, "more")),
    el("dl", {}, data.facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", { class: "said" }, value)))),
    chart(data));
}

/* 24 hours of posts against what is usual, with the hour of Jakarta under every third bar. */
function chart(data) {
  const { hours, usual, clock } = data, top = Math.max(1, ...hours, ...usual), wide = 26, high = 90;
  const tall = (count) => (count / top) * high;
  const points = usual.map((count, at) => `${(at + 0.5) * wide},${(high + 14 - tall(count)).toFixed(1)}`).join(" ");
  const over = (count, at) => high + 10 - tall(Math.max(count, usual[at]));
  const words = `${number(data.day)} kiriman dalam 24 jam, ${data.usualWord} ${number(data.usualDay)}`;
  return el("figure", {}, el("figcaption", { class: "soft" }, "Kiriman per jam, 24 jam terakhir; garis putus-putus: ", data.usualWord),
    svg("svg", { viewBox: `0 0 ${wide * hours.length} ${high + 32}`, role: "img", "aria-label": words },
      hours.map((count, at) => svg("g", {},
        svg("rect", { x: at * wide + 2, y: (high + 14 - tall(count)).toFixed(1), width: wide - 4, height: Math.max(count ? 2 : 0.7, tall(count)).toFixed(1) }),
        at % 3 === 0 ? svg("text", { x: (at + 0.5) * wide, y: high + 28, class: "hour" }, clock[at]) : "")),
      svg("polyline", { points, class: "usual" }),
      hours.map((count, at) => (count ? svg("text", { x: (at + 0.5) * wide, y: over(count, at).toFixed(1) }, number(count)) : ""))));
}
