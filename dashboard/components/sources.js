export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const pick = (id) => setTriggerValue("picked", id);
  root.replaceChildren(
    el("p", { class: "sum" }, data.sum, data.coverage ? el("span", { class: "said" }, `\n${data.coverage}`) : null),
    alarms(data.alarms, pick),
    el("table", {}, el("caption", { class: "hidden" }, "Sumber"),
      el("thead", {}, el("tr", {}, data.columns.map((words) => el("th", { scope: "col" }, words)))),
      el("tbody", {}, data.rows.map((row) => line(row, data.columns, pick)))));
}

function alarms(found, pick) {
  if (!found.length) return "";
  return el("section", { class: "alarms", "aria-label": "Perlu dilihat" }, el("h3", {}, `Perlu dilihat · ${found.length}`),
    found.map((alarm) => el("button", { class: "alarm", onclick: () => pick(alarm.id) },
      el("b", { class: "said" }, alarm.title), el("span", { class: "red" }, ` ${alarm.state}`), el("span", { class: "soft" }, ` sejak ${alarm.since}`),
      el("span", { class: "said told" }, alarm.told))));
}

function line(row, names, pick) {
  const cells = [
    [el("button", { class: "name said", onclick: () => pick(row.id) }, row.title), el("div", { class: "soft" }, row.kind)],
    [el("b", { class: row.tone }, row.state), row.told ? el("div", { class: "soft said told" }, row.told) : null],
    row.headlines ? [el("span", { class: "soft" }, "hanya judul")] : [el("div", { class: "day" }, bars(row.hours, row.usual), el("span", {}, el("b", {}, number(row.day)), el("span", { class: "soft" }, ` / ${number(row.usualDay)}`)))],
    [el("div", {}, row.ran), row.brought ? el("div", { class: "soft" }, row.brought) : null, row.refused ? el("div", { class: "soft" }, row.refused) : null],
    [el("div", {}, row.schedule), row.next ? el("div", { class: "soft" }, row.next) : null],
    [el("div", {}, row.cost), row.budget ? el("div", { class: "soft" }, row.budget) : null],
  ];
  return el("tr", { class: `is-${row.tone}`, "data-id": row.id }, cells.map((cell, at) => el("td", { "data-name": names[at] }, el("div", { class: "cell" }, cell))));
}

/* Posts per hour as bars, the usual number as a line behind them. */
function bars(hours, usual) {
  const top = Math.max(1, ...hours, ...usual), wide = 96 / hours.length, tall = (count) => (count / top) * 24;
  const points = usual.map((count, at) => `${((at + 0.5) * wide).toFixed(1)},${(25 - tall(count)).toFixed(1)}`).join(" ");
  return svg("svg", { viewBox: "0 0 96 26", class: "bars", "aria-hidden": "true" },
    hours.map((count, at) => svg("rect", { x: (at * wide).toFixed(1), y: (25 - tall(count)).toFixed(1), width: (wide - 0.8).toFixed(1), height: Math.max(count ? 1.5 : 0.5, tall(count)).toFixed(1) })),
    svg("polyline", { points, class: "usual" }));
}
