export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    data.readonly ? el("p", { class: "soft" }, data.readonly) : "",
    el("table", {}, el("caption", { class: "hidden" }, "Jadwal"),
      el("thead", {}, el("tr", {}, data.columns.map((words) => el("th", { scope: "col" }, words)), data.may ? el("th", {}, el("span", { class: "hidden" }, "Tindakan")) : null)),
      el("tbody", {}, data.rows.map((row) => line(row, data, setTriggerValue))))));
  return keepTime(root, data.now, (now) => root.querySelectorAll("[data-next]").forEach((node) => {
    node.textContent = until(Number(node.dataset.next) - now);
  }));
}

function line(row, data, setTriggerValue) {
  const last = row.last;
  const cells = [
    [el("button", { class: "name said", "data-key": `open ${row.id}`, onclick: () => setTriggerValue("picked", row.id) }, row.title), el("div", { class: "soft said" }, row.about)],
    [el("div", { class: "reading" }, row.reading), row.manners.map((words) => el("div", { class: "soft" }, words))],
    row.paused ? [el("b", { class: "amber" }, "dijeda")]
      : [row.next ? el("b", { "data-next": row.next }) : null, el("div", {}, slots(row.fires))],
    [last ? el("div", {}, last.ago, last.lasted ? el("span", { class: "soft" }, ` · ${last.lasted}`) : null) : el("span", { class: "soft" }, "belum pernah"), past(row.past)],
    last ? [el("b", { class: last.state.tone }, last.state.words), row.waiting ? el("span", { class: "soft" }, " · berikutnya antre") : null,
      last.counts ? el("div", { class: "soft" }, last.counts) : null, last.reason ? el("div", { class: "soft said" }, last.reason) : null]
      : row.waiting ? [el("b", {}, "antre")] : [],
  ];
  return el("tr", { class: row.paused ? "is-paused" : last ? `is-${last.state.tone}` : "", "data-id": row.id },
    cells.map((cell, at) => el("td", { "data-name": data.columns[at] }, el("div", { class: "cell" }, cell))),
    data.may ? el("td", { class: "acts" }, acts(row, setTriggerValue)) : null);
}

function acts(row, setTriggerValue) {
  const act = (name, words) => el("button", { class: "act plain", "data-key": `${name} ${row.id}`, "aria-label": `${words} ${row.title}`, onclick: () => setTriggerValue(name, row.id) }, words);
  return el("div", {}, act("run", "Jalankan"), row.paused ? act("resume", "Lanjutkan") : act("pause", "Jeda"));
}

/* The last runs, oldest first: tall as they were long, in the colour of their outcome. */
function past(marks) {
  if (!marks.length) return null;
  return svg("svg", { viewBox: "0 0 84 16", class: "past", role: "img", "aria-label": `${marks.length} putaran terakhir` }, marks.map((mark, at) =>
    svg("rect", { x: at * 7, y: (16 - 16 * mark.tall).toFixed(1), width: 5, height: (16 * mark.tall).toFixed(1), class: mark.tone || "other" }, svg("title", {}, mark.hint))));
}
