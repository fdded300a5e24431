// Buttons that change between light and dark; the choice is remembered, and dropped when it is the system's own again.
const system = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

const isDark = () => (root.dataset.theme ? root.dataset.theme === "dark" : system.matches);

function choose(theme) {
  root.dataset.theme = theme;
  try {
    if ((theme === "dark") === system.matches) localStorage.removeItem("theme");
    else localStorage.setItem("theme", theme);
  } catch {
    // Not remembered, but changed for this page.
  }
}

export function themeToggles(buttons) {
  const show = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(isDark())));
  buttons.forEach((button) => {
    button.hidden = false;
    button.addEventListener("click", () => {
      choose(isDark() ? "light" : "dark");
      show();
    });
  });
  system.addEventListener("change", show);
  show();
}
