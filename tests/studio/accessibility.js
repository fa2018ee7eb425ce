// Returns what on the current page a person could not use or read: controls without a name, text of too little contrast.
() => {
  const faults = [];
  const shown = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.getClientRects().length > 0;
  const named = (element) =>
    element.getAttribute("aria-label") || element.title || element.labels?.length || element.textContent.trim() || element.placeholder;

  for (const control of document.querySelectorAll("button, input, select, textarea, a[href], [role=slider], [tabindex='0']"))
    if (shown(control) && !named(control)) faults.push(`no name: ${control.outerHTML.slice(0, 120)}`);

  const parsed = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a),
    g: top.g * top.a + below.g * (1 - top.a),
    b: top.b * top.a + below.b * (1 - top.a),
    a: 1,
  });
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) layers.push(parsed(getComputedStyle(one).backgroundColor));
    return layers.reverse().reduce((below, top) => over(top, below), { r: 255, g: 255, b: 255, a: 1 });
  };
  // WCAG 2.1, relative luminance and contrast ratio
  const linear = (value) => (value / 255 <= 0.04045 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4);
  const luminance = ({ r, g, b }) => 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
  const contrast = (one, other) => {
    const [light, dark] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  };

  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const isText = texts.currentNode.textContent.trim() && !element.matches("script, style, option, .q-icon, .material-icons");
    if (!isText || !shown(element) || element.closest(":disabled, [aria-hidden=true], .nicegui-error-popup")) continue;
    const ground = behind(element);
    const ratio = contrast(over(parsed(getComputedStyle(element).color), ground), ground);
    if (ratio < 4.5) faults.push(`contrast ${ratio.toFixed(1)}: ${texts.currentNode.textContent.trim().slice(0, 60)}`);
  }
  return faults;
}
