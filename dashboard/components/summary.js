export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const isOpen = (pieces) => data.open && pieces.some((piece) => piece.opens === data.open.name);
  redraw(root, () => root.replaceChildren(...(data.sentences.length
    ? data.sentences.map((pieces) => el("div", { class: "part" }, el("p", { class: "said", dir: "auto" }, pieces.map((piece) => words(piece, data, setTriggerValue))), isOpen(pieces) ? rows(data.open, setTriggerValue) : null))
    : [el("p", { class: "soft" }, "Teks kirimannya tidak disimpan lagi, jadi tidak ada yang diringkas.")])));
}

function words(piece, data, setTriggerValue) {
  if (!piece.opens) return piece.words;
  const open = data.open?.name === piece.opens;
  return el("button", { class: "count", "aria-expanded": String(open), "data-key": `baris ${piece.opens}`, title: open ? "lipat kembali" : "lihat kirimannya", onclick: () => setTriggerValue("open", piece.opens) }, piece.words);
}

function rows(open, setTriggerValue) {
  return el("section", { class: "rows", "aria-label": "Kiriman di balik angka" },
    open.posts.map((post) => quote(post, setTriggerValue)),
    open.more > 0 ? el("button", { class: "count", "data-key": "lagi", onclick: () => setTriggerValue("more", open.issue) }, `${number(open.more)} kiriman berikutnya`) : null,
    el("button", { class: "count fold", "data-key": "lipat", onclick: () => setTriggerValue("open", open.name) }, "lipat"));
}

function quote(post, setTriggerValue) {
  const marks = [post.author, post.reach ? `jangkauan ${number(post.reach)}` : null, post.at].filter(Boolean).join(" · ");
  return el("blockquote", { class: post.kind },
    el("div", { class: "by" }, el("b", {}, post.label), ` · ${marks}`),
    post.title ? el("div", { class: "said head", dir: "auto" }, post.title) : null,
    el("div", { class: "said", dir: "auto" }, post.text),
    outside(post.link, post.open),
    post.read ? readAs(post, setTriggerValue) : null);
}
