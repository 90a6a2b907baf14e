const scroller = () => document.querySelector('[data-testid="stMain"]');

export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const page = document.documentElement;
  page.toggleAttribute("data-isu", Boolean(data.open));
  if (data.open && page.dataset.shown !== data.id && matchMedia("(max-width: 800px)").matches) scroller()?.scrollTo(0, 0);
  page.dataset.shown = data.open ? data.id : "";
  if (!data.id) {
    root.replaceChildren(el("p", { class: "soft none" }, data.none));
    return undefined;
  }
  const back = el("button", { class: "back", onclick: () => { page.removeAttribute("data-isu"); setTriggerValue("back", true); } }, "‹ Antrean");
  const left = el("dd", {});
  const fact = (name, value) => el("div", {}, el("dt", {}, name), value instanceof Node && value.tagName === "DD" ? value : el("dd", {}, value));
  root.replaceChildren(back,
    el("div", { class: "soft path" }, data.path),
    el("h2", { class: "said" }, data.title),
    el("p", { class: "facts" }, data.facts),
    el("dl", {},
      fact(data.deadline || "Batas", left),
      fact("PIC", data.holder ? data.holder : el("span", { class: "red" }, data.closed ? "–" : "Belum ada")),
      fact("Dinas", data.agency),
      fact("Status", el("span", {}, el("i", { style: `color:${data.colour}` }, `${data.sign} `), data.status))));
  return keepTime(root, data.now, (now) => {
    const late = data.due !== null && data.due <= now;
    left.textContent = data.due === null ? "–" : `${late ? "lewat" : "sisa"} ${span(data.due - now)}`;
    left.className = late ? "red" : data.due !== null && data.due - now < 60 * MINUTE ? "amber" : "";
  });
}
