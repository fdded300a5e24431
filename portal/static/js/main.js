// Each behaviour works on the elements that ask for it by a data attribute; the page is right without any of them.
import { themeToggles } from "./theme-toggle.js";
import { suggestions } from "./suggest.js";
import { openWhenWide } from "./open-wide.js";

themeToggles(document.querySelectorAll("[data-theme-toggle]"));
document.querySelectorAll("[data-suggest]").forEach(suggestions);
document.querySelectorAll("[data-open-wide]").forEach(openWhenWide);
