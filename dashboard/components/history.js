export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const names = [data.one ? null : "Pekerjaan", "Mulai", "Lama", "Keadaan", "Membawa", "Biaya", "Catatan"].filter(Boolean);
  redraw(root, () => root.replaceChildren(data.rows.length
    ? el("table", {}, el("caption", { class: "hidden" }, "Riwayat pekerjaan"),
        el("thead", {}, el("tr", {}, names.map((words) => el("th", { scope: "col" }, words)), data.may ? el("th", {}, el("span", { class: "hidden" }, "Tindakan")) : null)),
        el("tbody", {}, data.rows.map((row) => line(row, data, names, setTriggerValue))))
    : el("p", { class: "empty" }, data.empty),
  data.more ? el("button", { class: "act plain more", "data-key": "more", onclick: () => setTriggerValue("more", Date.now()) }, "Yang lebih lama") : ""));
}

function line(row, data, names, setTriggerValue) {
  const cells = [
    data.one ? null : [row.schedule ? el("button", { class: "name", "data-key": `open ${row.id}`, onclick: () => setTriggerValue("picked", row.schedule) }, row.title) : el("b", {}, row.title), row.about ? el("div", { class: "soft said" }, row.about) : null],
    [el("div", {}, row.at), row.why ? el("div", { class: "soft" }, row.why) : null],
    [row.lasted || "–", row.worker ? el("div", { class: "soft" }, row.worker) : null],
    [el("b", { class: row.state.tone }, row.state.words), row.tries ? el("div", { class: "soft" }, row.tries) : null],
    [row.counts || "–"],
    [row.cost || "–"],
    [row.reason ? el("div", { class: "said" }, row.reason) : row.log || row.more ? null : "–", detail([row.more, row.log].filter(Boolean).join("\n\n"), `more ${row.id}`)],
  ].filter(Boolean);
  const act = (name, words) => el("button", { class: "act plain", "data-key": `${name} ${row.id}`, onclick: () => setTriggerValue(name, row.id) }, words);
  return el("tr", { class: `is-${row.state.tone}`, "data-id": row.id },
    cells.map((cell, at) => el("td", { "data-name": names[at] }, el("div", { class: "cell" }, cell))),
    data.may ? el("td", { class: "acts" }, row.open ? act("cancel", "Hentikan") : row.aside ? act("retry", "Coba lagi") : null) : null);
}
