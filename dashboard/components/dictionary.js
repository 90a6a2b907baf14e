export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    el("p", { class: "soft sum", role: "status" }, data.sum),
    el("table", {}, el("caption", { class: "hidden" }, "Kamus"),
      el("thead", {}, el("tr", {}, data.columns.map((words) => el("th", { scope: "col" }, words)), data.may ? el("th", { scope: "col" }, el("span", { class: "hidden" }, "Tindakan")) : null)),
      el("tbody", {}, data.rows.map((row) => line(row, data, setTriggerValue)))),
    data.more ? el("button", { class: "link", "data-key": "more", onclick: () => setTriggerValue("more", true) }, `${data.more} kata berikutnya`) : ""));
}

function line(row, data, setTriggerValue) {
  const act = (name, words) => el("button", { class: "link", "data-key": `${name} ${row.word}`, "aria-label": `${words} ${row.word}`, onclick: () => setTriggerValue(name, row.word) }, words);
  const acts = row.fixed ? [] : row.retired ? [act("restore", "kembalikan")] : [act("edit", "ubah"), act("retire", "pensiunkan")];
  return el("tr", { class: row.retired ? "retired" : "" },
    el("td", {}, el("b", { class: "said" }, row.word)),
    el("td", {}, el("span", { class: "said" }, row.meaning), row.retired ? el("span", { class: "soft" }, " (dipensiunkan)") : null),
    el("td", { class: "soft" }, row.region), el("td", { class: "soft said" }, row.origin),
    data.may ? el("td", { class: "acts" }, acts) : null);
}
