export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  root.replaceChildren(data.fault
    ? el("p", { class: "fault", role: "status" }, data.fault)
    : el("div", { class: "coming", role: "status" }, el("b", {}, data.reading), el("div", {}, "Lima berikutnya: ", slots(data.fires))));
}
