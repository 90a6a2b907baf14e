export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  root.replaceChildren(why(data), ...proof(data, setTriggerValue));
}

function why(data) {
  const most = Math.max(1, ...data.reasons.map((reason) => reason.points));
  return el("section", { class: "box" },
    el("h3", {}, `Mengapa skor ${data.score}? `, el("span", { class: "soft" }, data.basis)),
    data.reasons.length
      ? data.reasons.map((reason) => el("div", { class: "reason" },
          el("div", {}, reason.part), el("div", { class: "bar" }, el("i", { style: `width:${Math.round((100 * reason.points) / most)}%` })),
          el("b", {}, `+${reason.points}`), el("div", { class: "soft said" }, reason.text)))
      : el("p", { class: "soft" }, "Belum dihitung; isu ini diberi skor pada putaran berikutnya."),
    data.turns.length ? el("div", { class: "turns" }, el("h4", {}, "Apa yang mengubahnya"), el("ul", {}, data.turns.map((words) => el("li", { class: "said" }, words)))) : null);
}

function proof(data, setTriggerValue) {
  const shown = data.all || data.quotes;
  return [
    el("h3", { class: "over" }, data.all ? "Semua kiriman" : "Bukti utama",
      el("button", { class: "link", onclick: () => setTriggerValue("toggle", true) }, data.all ? "tampilkan bukti utama" : `lihat ${number(data.posts)} kiriman`)),
    data.unsure ? el("p", { class: "soft unsure" }, `${number(data.unsure)} kiriman perlu dicek: mesin kurang yakin itu masalah yang sama.`) : "",
    ...(shown.length ? shown.map((post) => quote(post, data.asks, setTriggerValue)) : [el("p", { class: "soft" }, "Belum ada kiriman yang tersambung ke isu ini.")]),
    data.more ? el("button", { class: "link more", onclick: () => setTriggerValue("more", true) }, `${data.more} kiriman berikutnya`) : "",
  ];
}

function quote(post, asks, setTriggerValue) {
  const marks = [post.author, post.reach ? `jangkauan ${number(post.reach)}` : null, post.at].filter(Boolean).join(" · ");
  return el("blockquote", { class: post.kind },
    el("div", { class: "by" }, el("b", {}, post.label), ` · ${marks}`, post.status ? el("span", { class: "tag" }, post.status) : null, post.suggested ? el("span", { class: "tag" }, "perlu dicek") : null),
    post.title ? el("div", { class: "said head", dir: "auto" }, post.title) : null,
    post.ours ? el("div", { class: "labels" }, post.text.split(" · ").map((words) => el("span", { class: "tag" }, words))) : el("div", { class: "said", dir: "auto" }, post.text),
    el("div", { class: "under" }, post.copies ? el("span", { class: "soft" }, `disalin ${number(post.copies)} kali`) : null, outside(post.link, post.open)),
    post.suggested && asks ? check(post, setTriggerValue) : null,
    post.read ? readAs(post, setTriggerValue) : null);
}

function check(post, setTriggerValue) {
  const answer = (name, words) => el("button", { class: "act plain", "data-key": `${name} ${post.post}`, onclick: () => setTriggerValue(name, post.post) }, words);
  return el("div", { class: "check", role: "group", "aria-label": `Kiriman ${post.post}: masalah yang sama?` }, answer("same", "Ya, masalah yang sama"), answer("other", "Bukan"),
    el("span", { class: "soft" }, "Sesudah dijawab, mesin hanya mengusulkan perubahan pada isu ini. Bisa diurungkan."));
}
