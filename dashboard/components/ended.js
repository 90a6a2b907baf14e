export default function ({ parentElement }) {
  parentElement.querySelector(".tg").replaceChildren(el("a", { href: "/masuk", target: "_self" }, "Masuk lagi"));
}
