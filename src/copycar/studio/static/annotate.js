// Keys that the annotation page obeys must not scroll it, or move the browser's own focus.
const OURS = ['Tab', 'ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight', 'PageUp', 'PageDown', 'Backspace'];
addEventListener('keydown', (event) => {
  const isTyping = ['INPUT', 'TEXTAREA'].includes(event.target.tagName) || document.querySelector('.q-dialog');
  const isUndo = event.ctrlKey && ['z', 'Z', 'y'].includes(event.key);
  if (!isTyping && (OURS.includes(event.key) || isUndo)) event.preventDefault();
});
