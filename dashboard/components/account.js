export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  root.replaceChildren(el("details", {}, el("summary", {}, data.name, " ▾"),
    el("div", { class: "menu" }, el("div", { class: "soft" }, data.roles),
      el("a", { href: "/sandi" }, "Ganti sandi"),
      el("form", { method: "post", action: "/keluar" }, el("input", { type: "hidden", name: "csrf", value: data.csrf }), el("button", {}, "Keluar")))));
}
