// Small comforts. Every page works without this file.
import { initAll } from '/assets/govuk-frontend.js';

initAll();

for (const button of document.querySelectorAll('[data-app-print]')) {
  button.hidden = false;
  button.addEventListener('click', () => window.print());
}
