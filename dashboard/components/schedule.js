export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const left = el("span", {});
  root.replaceChildren(
    el("button", { class: "back", onclick: () => setTriggerValue("back", Date.now()) }, "‹ Semua jadwal"),
    el("h2", { class: "said" }, data.title),
    el("p", { class: "path soft said" }, data.path),
    el("div", { class: `state ${data.paused ? "paused" : ""}` },
      el("b", { class: "reading" }, data.reading), data.paused ? el("b", { class: "amber" }, " · dijeda") : el("span", { class: "soft" }, " · berikutnya ", left),
      el("div", { class: "soft" }, [data.cron, ...data.manners, `terakhir diubah: ${data.edited}`].join(" · "))),
    el("p", { class: "coming" }, el("b", {}, data.paused ? "Lima berikutnya, bila dilanjutkan: " : "Lima berikutnya: "), slots(data.fires)));
  return keepTime(root, data.now, (now) => {
    left.textContent = data.next === null ? "–" : until(data.next - now);
  });
}
