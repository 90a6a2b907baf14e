export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(
    data.may ? "" : el("p", { class: "soft" }, data.readonly),
    data.cards.length ? el("p", { class: "sum" }, data.sum) : el("p", { class: "none" }, "Tidak ada usulan yang menunggu."),
    el("div", { class: "cards" }, data.cards.map((one) => card(one, data.may, setTriggerValue))),
    done(data, setTriggerValue)));
}

function card(one, may, setTriggerValue) {
  const act = (name, words, kind) => el("button", { class: `act ${kind}`, "data-key": `${name} ${one.id}`, onclick: () => setTriggerValue(name, one.id) }, words);
  return el("article", { "data-id": one.id },
    el("div", { class: "top" }, el("b", { class: "amber" }, one.kind), el("span", { class: "soft" }, `usulan ${one.id} · ${one.at} WIB`)),
    one.issues.map((issue) => el("div", { class: "issue" }, open(issue.id, issue.title), el("div", { class: "soft said" }, issue.about))),
    el("p", { class: "said" }, one.reason),
    one.posts.map(quote), one.more > 0 ? el("p", { class: "soft" }, `dan ${number(one.more)} kiriman lain`) : null,
    may ? el("div", { class: "acts" }, act("accept", one.act, "main"), act("reject", "Tolak", "plain")) : null);
}

const open = (id, words) => el("a", { class: "said", href: `./?isu=${encodeURIComponent(id)}`, target: "_self" }, words);

function quote(post) {
  return el("blockquote", {}, el("div", { class: "soft" }, `${post.label} · ${post.at}`), el("div", { class: "said", dir: "auto" }, post.text), outside(post.link, "buka"));
}

function done(data, setTriggerValue) {
  return el("section", { "aria-label": "Tindakan terakhir" }, el("h3", {}, "Tindakan terakhir"),
    data.done.length ? el("ol", {}, data.done.map((one) => el("li", { "data-id": one.id },
      el("div", { class: "what" }, open(one.issue, one.issue), el("span", { class: "said" }, ` ${one.told}`), el("div", { class: "soft" }, [one.at, one.by].join(" · "))),
      one.undone ? el("span", { class: "soft" }, one.undone)
        : data.may ? el("button", { class: "act plain", "data-key": `undo ${one.id}`, "aria-label": `Urungkan tindakan ${one.id}`, onclick: () => setTriggerValue("undo", one.id) }, "Urungkan") : null)))
      : el("p", { class: "soft" }, "Belum ada yang menggabung, memisah, memindahkan, atau memberi judul."));
}
