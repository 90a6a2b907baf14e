export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  const cell = (value, at) => {
    if (value && value.href) return el("td", {}, outside(value, "buka"));
    const tone = value && value.tone ? value.tone : "";
    const inner = value && value.more ? [el("span", {}, value.words), detail(value.more, `more ${value.more}`)] : null;
    return el("td", { class: `said ${tone} ${data.columns[at].number ? "number" : ""}`, "data-name": data.columns[at].name },
      inner ? el("div", {}, inner) : value && value.words !== undefined ? value.words : typeof value === "number" ? number(value) : value);
  };
  root.replaceChildren(el("table", {}, el("caption", { class: "hidden" }, data.caption),
    el("thead", {}, el("tr", {}, data.columns.map((column) => el("th", { scope: "col", class: column.number ? "number" : "" }, column.name)))),
    el("tbody", {}, data.rows.map((row) => el("tr", {}, row.map(cell))))));
}
