export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  const opener = (name, words, label) => el("button", { class: "count", "data-key": name, "aria-expanded": data.open === name, "aria-label": label, onclick: () => setTriggerValue("open", name) }, words);
  const below = (name) => (data.open === name || data.open === `pekan ${name}` ? rows(data.rows) : null);
  redraw(root, () => root.replaceChildren(
    el("h3", {}, data.title), el("p", { class: "soft basis" }, data.basis),
    words(data, opener, below, setTriggerValue), answers(data, opener, below), canary(data.canary)));
}

function words(data, opener, below, setTriggerValue) {
  if (!data.words.length) return el("p", { class: "soft" }, data.none);
  return el("ul", { "aria-label": "Kata dan tagar baru" }, data.words.map((one) => el("li", {},
    el("div", { class: "top" }, el("b", { class: "said" }, one.hashtag ? `#${one.word}` : one.word),
      opener(`word:${one.word}`, `${number(one.posts)} kiriman`, `${one.word}: lihat ${one.posts} kiriman`), el("span", { class: "soft" }, "sepekan sebelumnya ", one.before ? opener(`pekan word:${one.word}`, number(one.before), `${one.word}: lihat ${one.before} kiriman pekan pembanding`) : "0"),
      one.known ? el("span", { class: "soft end" }, "sudah di kamus")
        : data.may ? el("button", { class: "link end", "data-key": `add ${one.word}`, "aria-label": `tambahkan ${one.word} ke kamus`, onclick: () => setTriggerValue("add", one.word) }, "tambahkan ke kamus") : null),
    below(`word:${one.word}`) || one.examples.map((text) => el("div", { class: "said soft example", dir: "auto" }, text)))));
}

const percent = (share) => `${Math.round(100 * share)}%`;

function answers(data, opener, below) {
  if (!data.answers.length) return "";
  return el("section", { "aria-label": "Jawaban model" }, el("h4", {}, "Jawaban model terhadap pekan pembanding"),
    data.answers.map((one) => el("details", { "data-key": one.field, open: one.beyond },
      el("summary", { "data-key": `summary ${one.field}` }, el("span", {}, one.name), el("b", { class: one.beyond ? "amber" : "good" }, one.beyond ? "bergeser" : "wajar"), el("span", { class: "soft" }, one.verdict)),
      one.shares.map((share) => el("div", { class: "share" }, el("div", { class: "top" }, el("span", { class: "said" }, share.label), share.before ? opener(`pekan ${one.field}:${share.answer}`, percent(share.before), `${one.name} ${share.label}: lihat kiriman pekan pembanding`) : el("span", { class: "soft" }, percent(share.before)), "→",
        !share.today ? percent(share.today) : opener(`${one.field}:${share.answer}`, percent(share.today), `${one.name} ${share.label}: lihat kirimannya`)), below(`${one.field}:${share.answer}`))))));
}

function canary(told) {
  return el("section", { "aria-label": "Teks pantauan" }, el("h4", {}, `Teks pantauan: ${number(told.texts)} teks dengan jawaban yang diketahui`),
    el("p", { class: "rights" }, told.right.map((one) => el("span", {}, `${one.name} `, el("b", {}, percent(one.share))))),
    told.wrong.length ? more("wrong", `${told.wrong.length} jawaban keliru dari ${number(told.asked)}`, told.wrong) : null,
    told.against ? (told.changed.length ? more("changed", `${told.changed.length} jawaban berubah sejak model ${told.against}`, told.changed) : el("p", { class: "soft" }, `Tidak ada jawaban yang berubah sejak model ${told.against}.`)) : null);
}

function more(name, words, found) {
  return el("details", { "data-key": name }, el("summary", { "data-key": `summary ${name}` }, words),
    found.map((one) => el("div", { class: "row" }, el("div", { class: "said", dir: "auto" }, one.text), el("div", { class: "soft said" }, one.told))));
}

function rows(found) {
  return el("div", { class: "rows" }, found.length ? found.map((one) => el("div", { class: "row" },
    el("div", { class: "soft said" }, one.about), one.text ? el("div", { class: "said", dir: "auto" }, one.text) : null, outside(one.link, "buka sumber"))) : el("div", { class: "soft" }, "Kirimannya sudah dihapus."));
}
