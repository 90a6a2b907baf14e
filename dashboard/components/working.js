export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    el("div", { class: "figures" }, data.figures.map((one, at) =>
      el("button", { class: "figure", "data-key": `figure ${at}`, title: "Lihat barisnya", onclick: () => setTriggerValue("figure", one.key) },
        el("b", {}, one.value), el("span", {}, one.words)))),
    el("p", { class: `workers ${data.workers.tone}` }, el("i", { "aria-hidden": true }), data.workers.words),
    faults(data, setTriggerValue), running(data, setTriggerValue)));
  return keepTime(root, data.now, (now) => root.querySelectorAll("[data-since]").forEach((node) => {
    const since = now - Number(node.dataset.since);
    node.textContent = since < MINUTE ? "< 1 mnt" : span(since);
  }));
}

function name(item, setTriggerValue) {
  const words = [el("b", {}, item.title), item.about ? el("span", { class: "said" }, ` · ${item.about}`) : null];
  if (!item.schedule) return el("span", { class: "name" }, words);
  return el("button", { class: "name", "data-key": `open ${item.id}`, title: "Buka jadwalnya", onclick: () => setTriggerValue("picked", item.schedule) }, words);
}

function faults(data, setTriggerValue) {
  if (!data.faults.length) return "";
  return el("section", { class: "faults", "aria-label": "Perlu dilihat" }, el("h3", {}, `Perlu dilihat · ${number(data.faults.length)} disisihkan`),
    data.faults.map((fault) => el("article", { "data-id": fault.id },
      el("div", { class: "what" }, name(fault, setTriggerValue),
        el("span", { class: "soft" }, ` ${[fault.times, `sejak ${fault.since}`].filter(Boolean).join(" ")}`),
        el("p", { class: "said" }, fault.reason || "Tanpa alasan."), detail(fault.more, `more ${fault.id}`)),
      data.may ? el("div", { class: "acts" },
        el("button", { class: "act", "data-key": `retry ${fault.id}`, onclick: () => setTriggerValue("retry", fault.id) }, "Coba lagi"),
        el("button", { class: "act plain", "data-key": `let ${fault.id}`, onclick: () => setTriggerValue("dismiss", fault.id) }, "Biarkan")) : null)));
}

function running(data, setTriggerValue) {
  if (!data.running.length) return "";
  return el("section", { class: "running", "aria-label": "Sedang berjalan" }, el("h3", {}, "Sedang berjalan"),
    data.running.map((job) => el("article", { "data-id": job.id },
      el("div", { class: "what" }, name(job, setTriggerValue),
        el("span", { class: "soft" }, " ", el("span", { "data-since": job.since }), job.worker ? ` · ${job.worker}` : "")),
      bar(job),
      el("div", { class: "told" }, [job.told, job.share === null ? null : `${job.share}%`, job.left].filter(Boolean).join(" · ")),
      data.may ? el("div", { class: "acts" }, el("button", { class: "act plain", "data-key": `stop ${job.id}`, onclick: () => setTriggerValue("cancel", job.id) }, "Hentikan")) : null)));
}

function bar(job) {
  const known = job.share !== null;
  return el("div", { class: `bar${known ? "" : " unknown"}`, role: "progressbar", "aria-label": `Kemajuan ${job.title}`, "aria-valuemin": 0, "aria-valuemax": 100, "aria-valuenow": known ? job.share : null },
    el("i", { style: known ? `width:${job.share}%` : "" }));
}
