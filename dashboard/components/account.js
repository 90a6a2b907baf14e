/* On a phone the pages stand in a side menu that would stay over the page after a choice. */
function closeMenu(event) {
  if (!matchMedia("(max-width: 800px)").matches || !event.target.closest?.('[data-testid="stSidebarNavLink"]')) return;
  setTimeout(() => document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click(), 100);
}

export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  document.documentElement.lang = "id";
  document.addEventListener("click", closeMenu);
  root.replaceChildren(el("details", {}, el("summary", {}, data.name, " ▾"),
    el("div", { class: "menu" }, el("div", { class: "soft" }, data.roles),
      el("a", { href: "/sandi" }, "Ganti sandi"),
      el("form", { method: "post", action: "/keluar" }, el("input", { type: "hidden", name: "csrf", value: data.csrf }), el("button", {}, "Keluar")))));
  return () => document.removeEventListener("click", closeMenu);
}
