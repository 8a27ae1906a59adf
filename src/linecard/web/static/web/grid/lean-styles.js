// Takes rules out of the page's style sheets that cost a grid much and give it nothing. Each of them names any element
// beside or below another: whenever a row came or went, or was moved, the browser had to style all rows anew.
const COSTLY = ["legend + *", ".divide-", "[style*="];

const isCostly = ({ selectorText }) => COSTLY.some((part) => selectorText?.includes(part));

function thin(rules) {
  for (let place = rules.cssRules.length - 1; place >= 0; place -= 1) {
    const rule = rules.cssRules[place];
    if (isCostly(rule)) rules.deleteRule(place);
    else if (rule instanceof CSSMediaRule) thin(rule);
  }
}

export function leanStyles() {
  for (const sheet of document.styleSheets) thin(sheet);
}
