/* Light or dark, before anything is drawn: what the person chose, else what their system says now. */
(() => {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = "";
    try {
      chosen = localStorage.getItem("oenskebot.theme") ?? "";
    } catch {
      // A browser that keeps nothing follows the system.
    }
    const isDark = chosen === "dark" || (chosen !== "light" && system.matches);
    document.documentElement.dataset.theme = isDark ? "dark" : "light";
  };
  system.addEventListener("change", apply);
  window.addEventListener("storage", apply);
  window.addEventListener("theme", apply);
  apply();
})();
