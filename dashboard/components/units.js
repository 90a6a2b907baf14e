export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const value = (one) => (one.key
    ? el("button", { class: "value", "data-key": one.key, "aria-expanded": Boolean(one.rows || one.days), onclick: () => setTriggerValue("opened", one.key) }, one.words)
    : el("span", { class: "soft" }, one.words));
  redraw(root, () => root.replaceChildren(el("div", { class: "page" },
    el("div", { class: "main" },
      el("div", { class: "head" }, el("h2", {}, "Badan"), spans(data, setTriggerValue)),
      el("p", { class: "soft" }, data.remark),
      data.units.length ? bodies(data.units, value) : el("p", { class: "none" }, "Belum ada badan yang punya cukup isu dalam rentang ini."),
      data.few ? el("p", { class: "soft few" }, data.few) : null),
    el("aside", {},
      el("h3", {}, "Janji yang terbuka"),
      data.promises.length ? el("ul", {}, data.promises.map(promise)) : el("p", { class: "soft" }, "Tidak ada janji yang terbuka."),
      el("h3", {}, "Laporan tugas RT/RW"),
      el("p", { class: "soft" }, "Hari kerja yang ada laporannya, urut nama. Banyaknya laporan tidak dihitung."),
      data.duty.length ? el("ul", {}, data.duty.map((one) => duty(one, value))) : el("p", { class: "soft" }, "Belum ada laporan tugas dalam rentang ini.")))));
}

function spans(data, setTriggerValue) {
  return el("div", { class: "spans", role: "group", "aria-label": "Rentang" }, data.spans.map(([days, words]) =>
    el("button", { class: "span", "data-key": `span ${days}`, "aria-pressed": days === data.days, onclick: () => setTriggerValue("spanned", days) }, words)));
}

function bodies(units, value) {
  return el("table", {}, el("caption", { class: "hidden" }, "Perbandingan badan"),
    el("thead", {}, el("tr", {}, ["Badan", "Waktu di meja (median)", "Dibuka kembali"].map((name) => el("th", { scope: "col" }, name)))),
    el("tbody", {}, units.map((one) => [
      el("tr", {}, el("th", { scope: "row" }, one.name, one.full ? el("span", { class: "soft full" }, one.full) : null),
        el("td", { "data-name": "Waktu di meja" }, value(one.desk)),
        el("td", { "data-name": "Dibuka kembali" }, el("div", { class: "again" }, value(one.again), interval(one.again)))),
      rows(one.desk.rows || one.again.rows)])));
}

/* The share as a dot on the line of its interval, from 0 to 100 percent. */
function interval(one) {
  if (one.share === undefined) return null;
  const drawn = svg("svg", { viewBox: "0 0 100 10", preserveAspectRatio: "none", "aria-hidden": "true" },
    svg("line", { x1: 0, x2: 100, y1: 5, y2: 5, class: "axis" }), svg("line", { x1: 100 * one.low, x2: 100 * one.high, y1: 5, y2: 5, class: "range" }));
  return el("div", { class: "interval", title: "Selang 90 persen" }, el("div", { class: "drawn" }, drawn, el("i", { style: `left:${100 * one.share}%` })), el("span", { class: "soft" }, one.interval));
}

function rows(found) {
  if (!found) return null;
  return el("tr", { class: "rows" }, el("td", { colspan: 3 }, el("ul", {}, found.map((one) =>
    el("li", {}, el("a", { href: one.href, class: "said", dir: "auto" }, one.title), el("span", { class: "soft" }, one.number), el("span", { class: "words" }, one.words))))));
}

function promise(one) {
  return el("li", { class: `promise is-${one.tone}` },
    el("div", { class: "top" }, el("b", {}, one.owner), el("span", { class: one.tone }, one.state)),
    el("div", { class: "said", dir: "auto" }, one.text),
    el("div", { class: "soft" }, one.due),
    el("a", { href: one.href, class: "said", dir: "auto" }, one.issue));
}

function duty(one, value) {
  return el("li", { class: "duty" }, el("span", {}, one.name), value(one),
    one.days ? el("p", { class: "soft days" }, one.days.length ? one.days.join(" · ") : "Hanya pada hari libur.") : null);
}
