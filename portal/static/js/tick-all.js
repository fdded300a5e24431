// A tick in the head of a list ticks all of it.
for (const all of document.querySelectorAll("[data-tick-all]")) {
  const boxes = [...all.closest("form").querySelectorAll("input[name='subject']")];
  const show = () => {
    const count = boxes.filter((box) => box.checked).length;
    all.checked = count === boxes.length;
    all.indeterminate = count > 0 && count < boxes.length;
  };
  all.hidden = false;
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
