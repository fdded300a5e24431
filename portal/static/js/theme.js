// Before the first paint: the colours this reader chose here earlier. A classic script in the head, so that nothing flashes.
(() => {
  try {
    const chosen = localStorage.getItem("theme");
    if (chosen === "dark" || chosen === "light") document.documentElement.dataset.theme = chosen;
  } catch {
    // Storage is closed: the system's colours stay.
  }
})();
