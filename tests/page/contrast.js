// Text, and what is typed, whose contrast with what lies behind it is too low (WCAG 2.2 AA, 1.4.3, 1.4.11): into `found`.
const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
const rgba = (color) => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    const [r, g, b, a] = canvas.getImageData(0, 0, 1, 1).data; return [r, g, b, a / 255];
};
const over = ([r, g, b, a], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a), 1];
const behind = (one) => {
    const layers = [];
    for (let at = one; at; at = at.parentElement) layers.push(rgba(getComputedStyle(at).backgroundColor));
    return layers.reverse().reduce((under, layer) => over(layer, under), [255, 255, 255, 1]);
};
const light = ([r, g, b]) => [r, g, b].map((c) => c / 255).map((c) => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, n) => sum + c * [0.2126, 0.7152, 0.0722][n], 0);
const ratio = (a, b) => { const [x, y] = [light(a), light(b)].sort((m, n) => n - m); return (x + 0.05) / (y + 0.05); };
const judge = (one, color, words) => {
    if (one.closest(':disabled, .visually-hidden') || !one.checkVisibility({visibilityProperty: true})) return;
    const style = getComputedStyle(one), ground = behind(one), size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    const reached = ratio(over(rgba(color), ground), ground);
    if (reached < (large ? 3 : 4.5)) found.push(`${words.trim().slice(0, 30)} (${one.tagName} ${one.className}): ${reached.toFixed(2)}`);
    judged += 1;
};
let judged = 0;
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
    const one = texts.currentNode.parentElement;
    if (texts.currentNode.data.trim() && !one.closest('script, style, option')) judge(one, getComputedStyle(one).color, texts.currentNode.data);
}
for (const one of document.querySelectorAll('input:not([type=radio]):not([type=checkbox]):not([type=range]), textarea, select')) {
    judge(one, getComputedStyle(one).color, `${one.id} value`);
    if (one.placeholder) judge(one, getComputedStyle(one, '::placeholder').color, `${one.id} placeholder`);
    const edge = ratio(rgba(getComputedStyle(one).borderTopColor), behind(one.parentElement));
    if (edge < 3) found.push(`edge of ${one.id}: ${edge.toFixed(2)}`);
}
if (judged < 30) found.push(`only ${judged} texts were looked at`);
