export default function ({ data, parentElement }) {
  const root = parentElement.querySelector(".tg");
  const to = (path, words, hint) => el("a", { href: path, target: "_blank", rel: "noopener", title: hint }, words);
  root.replaceChildren(el("ul", {}, data.rows.filter((row) => /^\/ringkasan\/[0-9-]+$/.test(row.path)).map((row) => el("li", {},
    to(row.path, row.day, "Buka ringkasan"), el("span", { class: "soft" }, to(`${row.path}.txt`, "teks"), " · ", to(`${row.path}.json`, "JSON"))))));
}
