// Browsers refuse modules on file:, so this classic script tells people who opened the page by double-click.
if (location.protocol === 'file:') {
  for (const note of document.querySelectorAll('[data-when="file"]')) note.hidden = false;
}
