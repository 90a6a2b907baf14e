export default function ({ data, parentElement, setTriggerValue }) {
  const root = parentElement.querySelector(".tg");
  redraw(root, () => root.replaceChildren(el("div", { class: "tabs", role: "radiogroup", "aria-label": data.name }, data.tabs.map((tab) =>
    el("button", { role: "radio", "aria-checked": tab.name === data.chosen, "data-key": tab.name, onclick: () => setTriggerValue("picked", tab.name) },
      tab.name, el("span", { class: "soft" }, ` ${number(tab.count)}`))))));
}
